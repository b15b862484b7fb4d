import { type Fraction, happens } from "./bernoulli.ts";
import type { RandomBits } from "./keystream.ts";

/** Bytes that are there before a number is drawn; one of them takes 90 on average, and no draw comes near this. */
const [ahead, usual] = [1 << 14, 96];

/**
 * `count` whole numbers of the discrete Gaussian distribution, P(y) ∝ exp(−y²/2σ²), exactly (Canonne, Kamath and Steinke 2020):
 * noise on a grid, which no float's rounding gives away. A two-sided geometric number of scale t = ⌊σ⌋ + 1 is kept with
 * probability exp(−(|y| − σ²/t)²/2σ²).
 */
export async function discreteGaussian(bits: RandomBits, count: number, sigma: number): Promise<Float64Array> {
  const t = Math.floor(sigma) + 1;
  const square = sigma * sigma;
  const squared = fractionOf(square);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    if (bits.left < ahead) await bits.ensure(ahead, ahead + usual * (count - i));
    out[i] = drawn();
  }
  return out;

  function drawn(): number {
    for (;;) {
      const y = geometric(bits, t);
      const gap = Math.abs(y) - square / t;
      if (happens(bits, (gap * gap) / (2 * square), () => kept(BigInt(Math.abs(y))))) return y;
    }
  }

  /** (y − σ²/t)²/2σ² with σ² = over/under: (y t under − over)² / (2 over under t²). */
  function kept(y: bigint): Fraction {
    const { over, under } = squared;
    const scale = BigInt(t);
    return { over: (y * scale * under - over) ** 2n, under: 2n * over * under * scale * scale };
  }
}

/** A whole number with P(y) ∝ exp(−|y|/t). */
function geometric(bits: RandomBits, t: number): number {
  for (;;) {
    const u = below(bits, t);
    if (!happens(bits, u / t, () => ({ over: BigInt(u), under: BigInt(t) }))) continue;
    let v = 0;
    while (happens(bits, 1, () => ({ over: 1n, under: 1n }))) v++;
    const size = u + t * v;
    const negative = bits.word() >>> 31 === 1;
    if (!negative) return size;
    // Nought has one sign only.
    if (size > 0) return -size;
  }
}

/** A whole number below `bound`, each as likely. */
function below(bits: RandomBits, bound: number): number {
  const limit = 2 ** 53 - (2 ** 53 % bound);
  for (;;) {
    const drawn = bits.whole();
    if (drawn < limit) return drawn % bound;
  }
}

/** A positive float64 as the fraction that it is. */
export function fractionOf(value: number): Fraction {
  let under = 1n;
  let rest = value;
  while (!Number.isInteger(rest)) {
    rest *= 2;
    under *= 2n;
  }
  return { over: BigInt(rest), under };
}
