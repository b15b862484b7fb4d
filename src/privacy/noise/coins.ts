import type { RandomBits } from "./keystream.ts";

/**
 * Positions below `count` that a coin each lets in, independent of one another: Poisson sampling. The probability is
 * `rate` rounded down to a multiple of 2^−32. At 1 all are in, and no coin is tossed.
 */
export async function tossed(bits: RandomBits, count: number, rate: number): Promise<Uint32Array> {
  if (rate >= 1) return Uint32Array.from({ length: count }, (_, i) => i);
  const threshold = Math.floor(rate * 4294967296);
  const chosen: number[] = [];
  for (let i = 0; i < count; i++) {
    if (bits.left < 4) await bits.ensure(4, 4 * (count - i));
    if (bits.word() < threshold) chosen.push(i);
  }
  return Uint32Array.from(chosen);
}
