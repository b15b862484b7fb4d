import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import { type RandomKey, size, Tensor } from "../engine/index.ts";
import type { Params } from "../hypotheses/index.ts";

/**
 * A codebook after a step as running means of the codes that chose its entries (van den Oord et al. 2017, appendix A.1):
 * N_k ← γ N_k + (1 − γ) n_k, m_k ← γ m_k + (1 − γ) Σ z, e_k = m_k / N_k.
 *
 * @param counts codes of the batch that chose each entry, [K] @param sums their sums, [K, D]
 */
export function averagedCodebook(
  params: Params,
  { counts, sums }: { readonly counts: Tensor; readonly sums: Tensor },
  decay: number,
): Params {
  const { counts: n, sums: m } = params.average!;
  const mixed = (old: Tensor, fresh: Tensor) => old.map((v, i) => decay * v + (1 - decay) * fresh.data[i]!);
  const average = { counts: mixed(n!, counts), sums: mixed(m!, sums) };
  const d = m!.shape[1]!;
  const entries = average.sums.map((v, i) => v / Math.max(1e-5, average.counts.data[Math.floor(i / d)]!));
  return { ...params, average, codebook: { entries } };
}

/**
 * Moves entries that hardly any code chooses to codes of the batch.
 *
 * @param codes of the batch, [rows, D] @param least running count below which an entry moves
 */
export function revived(params: Params, codes: Tensor, least: number): Params {
  const { counts, sums } = params.average!;
  const dead = Array.from(counts!.data.keys()).filter((k) => counts!.data[k]! < least);
  if (dead.length === 0) return params;
  const [rows, d] = codes.shape as [number, number];
  const next = [params.codebook!.entries!, sums!, counts!].map((t) => t.map((v) => v)) as [Tensor, Tensor, Tensor];
  for (const [i, k] of dead.entries()) {
    const at = (Math.floor((i * rows) / dead.length) % rows) * d;
    for (let j = 0; j < d; j++) for (const t of next.slice(0, 2)) t.data[k * d + j] = codes.data[at + j]!;
    next[2].data[k] = 1;
  }
  return { ...params, average: { counts: next[2], sums: next[1] }, codebook: { entries: next[0] } };
}

/** The entry nearest to each code, in the order of rows. */
export function chosenEntries(codes: Tensor, entries: Tensor): Int32Array {
  const [k, d] = entries.shape as [number, number];
  const [points, centres] = [codes.data as Float32Array, entries.data as Float32Array];
  return Int32Array.from({ length: points.length / d }, (_, i) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let e = 0; e < k; e++) {
      const gap = squaredDistance(points, i, centres, e, d, least);
      if (gap < least) [least, best] = [gap, e];
    }
    return best;
  });
}

/** The shares of entries at each position in the codes of a class, [classes, positions, K]. */
export function histograms(codes: Tensor, entries: Tensor, labels: Int32Array, classes: number): Tensor {
  const k = entries.shape[0]!;
  const positions = codes.shape[1]!;
  const chosen = chosenEntries(codes, entries);
  const shares = new Float32Array(classes * positions * k);
  const members = new Int32Array(classes);
  for (const c of labels) members[c] = members[c]! + 1;
  for (const [i, c] of labels.entries())
    for (let p = 0; p < positions; p++) {
      const at = (c * positions + p) * k + chosen[i * positions + p]!;
      shares[at] = shares[at]! + 1 / members[c]!;
    }
  return new Tensor(shares, [classes, positions, k], "float32");
}

/** Entries drawn by the shares of a label's class, each position by itself: [n, positions, D]. */
export function drawEntries(histogram: Tensor, entries: Tensor, labels: Int32Array, key: RandomKey): Tensor {
  const [, positions, k] = histogram.shape as [number, number, number];
  const d = size(entries.shape.slice(1));
  const places = key.uniform(labels.length * positions, 0, 1);
  const out = new Float32Array(places.length * d);
  for (const [at, place] of places.entries()) {
    const row = (labels[Math.floor(at / positions)]! * positions + (at % positions)) * k;
    let [entry, left] = [0, place - histogram.data[row]!];
    while (left >= 0 && entry < k - 1) left -= histogram.data[row + ++entry]!;
    out.set(entries.data.subarray(entry * d, (entry + 1) * d) as Float32Array, at * d);
  }
  return new Tensor(out, [labels.length, positions, d], "float32");
}
