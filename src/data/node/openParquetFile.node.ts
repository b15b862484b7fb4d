import { openParquet, type ParquetImages, type ParquetOptions, type SlicedFile } from "../formats/parquet.ts";
import { openRegular } from "./regularFile.node.ts";

/** A Parquet file on the disk, to be closed. */
export interface ParquetFile extends ParquetImages {
  close(): Promise<void>;
}

/** A Parquet file on the disk, of which parts are read, for as long as `use` takes. @throws AttarError "bad-data", "absent-file" */
export async function withParquet<T>(path: string, use: (file: SlicedFile, where: string) => Promise<T>): Promise<T> {
  const file = await openRegular(path);
  try {
    return await use(slicesOf(file), path);
  } finally {
    await file.close();
  }
}

const slicesOf = (file: Awaited<ReturnType<typeof openRegular>>): SlicedFile => ({
  byteLength: file.size,
  slice: async (start, end) => (await file.read(start, end - start)).buffer,
});

/** Opens a Parquet file of images. @throws AttarError "bad-data", "absent-file" */
export async function openParquetFile(path: string, options: ParquetOptions): Promise<ParquetFile> {
  const file = await openRegular(path);
  try {
    const slices = slicesOf(file);
    return { ...(await openParquet(slices, path, options)), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}
