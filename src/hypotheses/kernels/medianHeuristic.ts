import { AttarError, type RandomKey, type Tensor } from "../../engine/index.ts";
import { squaredDistance } from "./gammaExponential.ts";
import { type Rows, rowsOf } from "./kernel.ts";

/** Points drawn of each set. */
const sample = 300;

/**
 * The c of exp(−c‖x − y‖^γ) by the median heuristic (Gretton et al. 2012): 1 / (2 m^γ) with m the median distance between
 * the points of both sets together, which for γ = 2 is the Gaussian of standard deviation m. Of each set at most 300 points
 * count, drawn by the key; the order of the two sets does not matter.
 *
 * @throws AttarError "no-bandwidth" where the median is zero: most points are copies of one.
 */
export function medianHeuristic(a: Tensor, b: Tensor, gamma: number, key: RandomKey): number {
  const pool = [drawn(rowsOf(a), key), drawn(rowsOf(b), key)].flat();
  const squares: number[] = [];
  pool.forEach(([x, i], k) => {
    for (const [y, j] of pool.slice(k + 1)) squares.push(squaredDistance(x, i, y, j));
  });
  const sorted = Float64Array.from(squares).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!];
  const median = (Math.sqrt(low) + Math.sqrt(high)) / 2;
  if (median > 0) return 1 / (2 * median ** gamma);
  throw new AttarError(
    "no-bandwidth",
    "the median distance between points is zero, most are copies of one another, so the median heuristic gives no bandwidth",
    "Set the kernel's c, a number above 0.",
  );
}

function drawn(rows: Rows, key: RandomKey): [Rows, number][] {
  if (rows.count <= sample) return Array.from({ length: rows.count }, (_, i) => [rows, i]);
  return Array.from(key.permutation(rows.count, sample), (i) => [rows, i]);
}
