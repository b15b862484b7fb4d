/**
 * Little-endian numbers of 16 bits as float32.
 *
 * @param kind "F16" for IEEE half precision, "BF16" for the upper half of a float32
 */
export function halfFloats(bytes: Uint8Array, kind: "F16" | "BF16"): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.length >> 1);
  if (kind === "BF16") {
    const words = new Uint32Array(out.buffer);
    for (let i = 0; i < out.length; i++) words[i] = view.getUint16(2 * i, true) * 65536;
    return out;
  }
  for (let i = 0; i < out.length; i++) out[i] = half(view.getUint16(2 * i, true));
  return out;
}

/** The value of a half-precision number: a sign, five bits of exponent, ten of mantissa. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, mantissa] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
