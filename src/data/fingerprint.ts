/**
 * A number of 64 bits, as 16 hexadecimal digits, that tells contents apart: equal for equal bytes, another for others but for one
 * chance in 2^64. Two FNV-like sums over the bytes. It guards against mistakes, not against forgery: that is what SHA-256 is for,
 * which browsers compute asynchronously alone.
 */
export function fingerprint(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
