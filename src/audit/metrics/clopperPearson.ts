/** An interval of a share. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The two-sided interval of Clopper and Pearson for a share of which `hits` of `n` draws are; each end fails with α/2. */
export function clopperPearson(hits: number, n: number, alpha = 0.05): Interval {
  const log = logFactorials(n);
  return { low: lowerEnd(hits, n, alpha / 2, log), high: 1 - lowerEnd(n - hits, n, alpha / 2, log) };
}

/** ln k! of the whole numbers up to n. */
export function logFactorials(n: number): Float64Array {
  const out = new Float64Array(n + 1);
  for (let k = 1; k <= n; k++) out[k] = out[k - 1]! + Math.log(k);
  return out;
}

/** The share at which as many hits or more have probability `alpha`. */
function lowerEnd(hits: number, n: number, alpha: number, log: Float64Array): number {
  if (hits === 0) return 0;
  let [low, high] = [0, hits / n];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (!(middle > low && middle < high)) break;
    if (atLeast(hits, n, middle, log) < alpha) low = middle;
    else high = middle;
  }
  return low;
}

/** Pr[Binomial(n, p) ≥ hits], of hits no fewer than are expected: terms fall, and what is too small to count ends the sum. */
function atLeast(hits: number, n: number, p: number, log: Float64Array): number {
  const [yes, no] = [Math.log(p), Math.log1p(-p)];
  let sum = 0;
  for (let k = hits; k <= n; k++) {
    const term = Math.exp(log[n]! - log[k]! - log[n - k]! + k * yes + (n - k) * no);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return sum;
}
