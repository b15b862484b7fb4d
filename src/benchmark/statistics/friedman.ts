import { chiSquaredAbove, fAbove } from "./distributions/tails.ts";
import { type Better, meanRanks, tieSizes } from "./ranks.ts";

export interface Friedman {
  /** The mean rank of each method over the blocks, 1 the best. */
  readonly ranks: readonly number[];
  readonly chiSquared: number;
  /** P(χ² this large) where all methods are alike. */
  readonly p: number;
  /** Iman and Davenport's F, less conservative; infinite where every block has the same order. */
  readonly f: number;
  readonly fP: number;
}

/**
 * Friedman's test of k methods on N blocks (Friedman 1937), corrected for ties as SciPy does, with Iman and Davenport's F (1980):
 * χ² = 12N/(k(k+1)) · (Σ R̄² − k(k+1)²/4) / (1 − Σ(t³ − t)/(N k (k² − 1))), F = (N−1)χ² / (N(k−1) − χ²).
 *
 * A block is a dataset with a number of images a class, never a seed: repeats within one are not independent.
 *
 * @param blocks values [blocks][methods], none missing
 * @throws RangeError for fewer than three methods, of which a paired test is the right one, or fewer than two blocks
 */
export function friedman(blocks: readonly (readonly number[])[], better: Better): Friedman {
  const [n, k] = [blocks.length, blocks[0]?.length ?? 0];
  if (n < 2 || k < 3) throw new RangeError(`Friedman's test of ${k} methods on ${n} blocks`);
  const mean = meanRanks(blocks, better);
  const ties = blocks.flatMap(tieSizes).reduce((sum, t) => sum + t ** 3 - t, 0);
  const correction = 1 - ties / (n * k * (k * k - 1));
  // Where all values of all blocks are equal nothing is left to tell methods apart.
  const raw = ((12 * n) / (k * (k + 1))) * (mean.reduce((sum, r) => sum + r * r, 0) - (k * (k + 1) ** 2) / 4);
  const chiSquared = correction > 0 ? Math.max(0, raw / correction) : 0;
  const left = n * (k - 1) - chiSquared;
  const f = left > 1e-9 ? ((n - 1) * chiSquared) / left : Number.POSITIVE_INFINITY;
  return {
    ranks: mean,
    chiSquared,
    p: chiSquaredAbove(chiSquared, k - 1),
    f,
    fP: f === Number.POSITIVE_INFINITY ? 0 : fAbove(f, k - 1, (k - 1) * (n - 1)),
  };
}
