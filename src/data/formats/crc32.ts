/** Four tables of 256: the CRC of a byte followed by 0 to 3 zero bytes, so that a word is digested in one round. */
const tables = (() => {
  const all = Array.from({ length: 4 }, () => new Int32Array(256));
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    all[0]![i] = c;
  }
  for (let t = 1; t < 4; t++)
    for (let i = 0; i < 256; i++) {
      const c = all[t - 1]![i]!;
      all[t]![i] = (c >>> 8) ^ all[0]![c & 255]!;
    }
  return all;
})();

/** CRC-32 as in gzip, zip and PNG (polynomial 0xEDB88320), of `bytes`. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = tables as [Int32Array, Int32Array, Int32Array, Int32Array];
  let c = -1;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c = t3[c & 255]! ^ t2[(c >>> 8) & 255]! ^ t1[(c >>> 16) & 255]! ^ t0[c >>> 24]!;
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]!) & 255]!;
  return ~c >>> 0;
}
