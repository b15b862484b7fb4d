/** Cumulated probabilities by mean: images of bytes have 256 means. */
const known = new Map<number, Float64Array>();
const mostKnown = 2048;

/** The Poisson number of a mean at a uniform number: the least k with P(K ≤ k) ≥ u. */
export function poisson(mean: number, uniform: number): number {
  if (mean <= 0) return 0;
  const below = cumulated(mean);
  let [low, high] = [0, below.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below[middle]! < uniform) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** P(K ≤ k) for k from 0 to where nothing is left. */
function cumulated(mean: number): Float64Array {
  const found = known.get(mean);
  if (found) return found;
  const out = new Float64Array(Math.ceil(mean + 12 * Math.sqrt(mean) + 20));
  let [log, sum] = [-mean, 0];
  for (let k = 0; k < out.length; k++) {
    if (k > 0) log += Math.log(mean / k);
    sum += Math.exp(log);
    out[k] = sum;
  }
  if (known.size >= mostKnown) known.clear();
  known.set(mean, out);
  return out;
}
