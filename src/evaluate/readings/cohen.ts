/** log Γ(n + 1) for the whole numbers up to n. */
function logFactorials(n: number): Float64Array {
  const out = new Float64Array(n + 1);
  for (let i = 1; i <= n; i++) out[i] = out[i - 1]! + Math.log(i);
  return out;
}

/** The x at which a rising function reaches a value, between two ends. */
function rootOf(f: (x: number) => number, value: number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let i = 0; i < 100; i++) {
    const middle = (from + to) / 2;
    if (f(middle) < value) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/**
 * The lower end of the one-sided interval of Clopper and Pearson for a share of which `hits` of `n` draws are: the p at which as many
 * hits or more have probability `alpha`.
 */
export function clopperPearsonLower(hits: number, n: number, alpha: number): number {
  if (hits === 0) return 0;
  const log = logFactorials(n);
  const atLeast = (p: number): number => {
    let sum = 0;
    for (let k = hits; k <= n; k++)
      sum += Math.exp(log[n]! - log[k]! - log[n - k]! + k * Math.log(p) + (n - k) * Math.log1p(-p));
    return sum;
  };
  return rootOf(atLeast, alpha, 1e-300, 1 - 1e-16);
}

/** Φ by its series, for |x| up to 6 or so. */
function normalCdf(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; k < 300; k++) {
    term *= -(x * x) / (2 * k);
    sum += term / (2 * k + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

/** Φ⁻¹. */
export const normalQuantile = (p: number): number => rootOf(normalCdf, p, -6, 6);

/**
 * The radius in L2 within which a classifier smoothed by normal noise keeps its class (Cohen et al. 2019): σ Φ⁻¹(p), p the lower
 * bound of the class's share; undefined where the bound is no majority and the classifier abstains.
 */
export function certifiedRadius(hits: number, n: number, noise: number, alpha: number): number | undefined {
  const p = clopperPearsonLower(hits, n, alpha);
  return p > 0.5 ? noise * normalQuantile(p) : undefined;
}
