import { openParquet, type ParquetImages, type ParquetOptions } from "../formats/parquet.ts";
import { openRegular } from "./regularFile.node.ts";

/** A Parquet file on the disk, to be closed. */
export interface ParquetFile extends ParquetImages {
  close(): Promise<void>;
}

/** Opens a Parquet file of images. @throws AttarError "bad-data", "absent-file" */
export async function openParquetFile(path: string, options: ParquetOptions): Promise<ParquetFile> {
  const file = await openRegular(path);
  try {
    const slices = {
      byteLength: file.size,
      slice: async (start: number, end: number) => (await file.read(start, end - start)).buffer,
    };
    return { ...(await openParquet(slices, path, options)), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}
