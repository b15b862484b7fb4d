import type { RandomBits } from "./keystream.ts";

/** A number as a fraction of whole ones. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Bytes that one decision takes at most before it turns to exact numbers, and then in all. */
export const bytesOfDecision = 8;

/**
 * True with probability exp(−x), exactly: a random number, bit by bit, against exp(−x). The first 53 bits decide unless they
 * come within the rounding of float64, once in 10^14 times; then `exactly` has x as a fraction, and more bits are read.
 */
export function happens(bits: RandomBits, x: number, exactly: () => Fraction): boolean {
  return decided(bits.whole(), x, exactly, () => bits.whole());
}

/** @param drawn the first 53 bits. @param more 53 more of them */
export function decided(drawn: number, x: number, exactly: () => Fraction, more: () => number): boolean {
  const wanted = Math.exp(-x) * 2 ** 53;
  // exp(−x) and x itself are off by a few units of the last place.
  const unsure = 4 + wanted * (x + 1) * 2 ** -49;
  if (drawn + 1 < wanted - unsure) return true;
  if (drawn > wanted + unsure) return false;
  const fraction = exactly();
  for (
    let [precision, value] = [106, joined(BigInt(drawn), more())];
    ;
    precision += 53, value = joined(value, more())
  ) {
    const [low, high] = exponential(fraction, BigInt(precision));
    if (value + 1n <= low) return true;
    if (value >= high) return false;
  }
}

const joined = (value: bigint, next: number) => (value << 53n) | BigInt(next);

/** Whole numbers that exp(−x) · 2^precision lies between: Taylor's series of x/2^k, squared k times, in fixed point. */
export function exponential({ over, under }: Fraction, precision: bigint): readonly [bigint, bigint] {
  let halvings = 0n;
  while (over > under << halvings) halvings++;
  const digits = precision + 64n + 2n * halvings;
  const one = 1n << digits;
  const x = (over << digits) / (under << halvings);
  let [term, sum] = [one, one];
  for (let n = 1n; term !== 0n; n++) {
    term = (term * x) / (n << digits);
    sum += n % 2n === 1n ? -term : term;
  }
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) >> digits;
  // Each division rounds off less than one, each squaring doubles what was rounded off: far less than 2^60.
  const [room, shift] = [1n << (60n + halvings), digits - precision];
  return [(sum - room) >> shift, ((sum + room) >> shift) + 1n];
}
