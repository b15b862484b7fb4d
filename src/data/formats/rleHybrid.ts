/**
 * Parquet's hybrid of run-length and bit-packed runs: exactly `count` integers of `width` bits, never more than asked
 * for, whatever the runs claim.
 *
 * @throws RangeError when the bytes end early or the width is above 32
 */
export function readHybrid(bytes: Uint8Array, width: number, count: number): Uint32Array {
  if (width > 32) throw new RangeError(`integers of ${width} bits`);
  if (count > bytes.length * 2 ** 31) throw new RangeError("fewer runs than values");
  const out = new Uint32Array(count);
  let at = 0;
  let seen = 0;
  const byte = () => {
    if (at >= bytes.length) throw new RangeError("the runs end early");
    return bytes[at++]!;
  };
  while (seen < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift > 28) throw new RangeError("a run's length is too long");
      const b = byte();
      header += (b & 127) * 2 ** shift;
      if (b < 128) break;
    }
    if (header === 0) throw new RangeError("an empty run");
    if (header % 2 === 0) {
      let value = 0;
      for (let i = 0; i < Math.ceil(width / 8); i++) value += byte() * 256 ** i;
      const end = Math.min(count, seen + header / 2);
      out.fill(value, seen, end);
      seen = end;
      continue;
    }
    let held = 0;
    let bits = 0;
    for (let left = Math.min(count - seen, 8 * Math.floor(header / 2)); left > 0; left--) {
      while (bits < width) {
        held += byte() * 2 ** bits;
        bits += 8;
      }
      out[seen++] = held % 2 ** width;
      held = Math.floor(held / 2 ** width);
      bits -= width;
    }
  }
  return out;
}
