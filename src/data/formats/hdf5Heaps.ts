import { badData } from "../badData.ts";

/** "GCOL", version 1, three zeros: what a collection of HDF5's global heap begins with. */
const signature = [0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0];
/** The bytes before the data of a collection, and of an object in it. */
const header = 16;

/**
 * Checks the collections of the global heap in which an HDF5 file keeps its texts (File Format 3.0, III.E): objects follow each
 * other up to the end, or to one of number 0 that holds the rest. HDF5's library goes round for ever in one of no length.
 *
 * @throws AttarError "bad-data" for a collection whose objects do not fill it
 */
export function checkHeaps(bytes: Uint8Array, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = () => badData(where, "the HDF5 file is damaged (the heap of its texts)");
  for (let at = bytes.indexOf(signature[0]!); at >= 0; at = bytes.indexOf(signature[0]!, at + 1)) {
    if (signature.some((byte, i) => bytes[at + i] !== byte) || at + header > bytes.length) continue;
    const end = at + Number(view.getBigUint64(at + 8, true));
    if (end > bytes.length) throw damaged();
    for (let object = at + header; object + header <= end; ) {
      const number = view.getUint16(object, true);
      const length = Number(view.getBigUint64(object + 8, true));
      const next = object + (number === 0 ? length : header + Math.ceil(length / 8) * 8);
      if (next > end || next < object + header || (number === 0 && next !== end)) throw damaged();
      object = next;
    }
  }
}
