import { badData } from "../badData.ts";

/** An IDX file of unsigned bytes: its dimensions and its elements, sharing memory with the file's bytes. */
export interface Idx {
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Reads LeCun's IDX format: two zero bytes, the element type (8, unsigned byte), the number of dimensions, each
 * dimension as a big-endian uint32, the elements. The file's length must be exactly what the header says.
 *
 * @param where what to call the file in an error
 * @throws AttarError "bad-data"
 */
export function parseIdx(bytes: Uint8Array, where: string): Idx {
  if (bytes.length < 4) throw badData(where, `an IDX file has at least 4 bytes, this one has ${bytes.length}`);
  if (bytes[0] !== 0 || bytes[1] !== 0) throw badData(where, "not an IDX file (it does not start with two zero bytes)");
  if (bytes[2] !== 8)
    throw badData(where, `IDX element type 0x${bytes[2]!.toString(16)} is not read, only 0x8 (unsigned byte)`);
  const rank = bytes[3]!;
  if (rank < 1 || rank > 4) throw badData(where, `an IDX file of ${rank} dimensions is not read, only 1 to 4`);
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw badData(where, `cut short inside its IDX header (${bytes.length} bytes)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dims = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = dims.reduce((product, d) => product * d, 1);
  const found = bytes.length - header;
  if (found !== expected)
    throw badData(
      where,
      `its IDX header [${dims}] asks for ${expected} bytes of data, the file has ${found}${found < expected ? " (cut short?)" : ""}`,
    );
  return { dims, data: bytes.subarray(header) };
}
