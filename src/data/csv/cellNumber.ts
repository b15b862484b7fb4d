/** Powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, i) => 10 ** i);
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ascii = new TextDecoder("latin1");

/**
 * The number that the bytes [from, to) spell in decimal, with or without an exponent; NaN for anything else, the empty text
 * and hexadecimal among it. Up to 15 digits are read without making a string.
 */
export function cellNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const sign = bytes[at];
  if (sign === 0x2d || sign === 0x2b) at++;
  let [value, digits, decimals, point] = [0, 0, 0, false];
  for (; at < to; at++) {
    const c = bytes[at]!;
    if (c >= 0x30 && c <= 0x39) {
      value = value * 10 + (c - 0x30);
      digits++;
      if (point) decimals++;
    } else if (c === 0x2e && !point) point = true;
    else break;
  }
  if (at === to && digits > 0 && digits <= 15) {
    const size = decimals > 0 ? value / powers[decimals]! : value;
    return sign === 0x2d ? -size : size;
  }
  if (to - from > 400) return Number.NaN;
  const text = ascii.decode(bytes.subarray(from, to));
  return plain.test(text) ? Number(text) : Number.NaN;
}
