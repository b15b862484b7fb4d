import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { AttarError, type RandomKey, size } from "../engine/index.ts";
import { kmeansCentres } from "./kmeans.ts";
import { squaredDistance } from "./squaredDistance.ts";

/** Chooses `count` of n points of dimension d; returns their positions. */
export type Selection = (points: Float32Array, d: number, count: number, key: RandomKey) => number[];

/** next = argmin_i ‖(k+1) μ − Σ_chosen − x_i‖ (Welling 2009; the argmin rule). */
const herding: Selection = (points, d, count) => {
  const n = points.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k] = mean[k]! + points[i * d + k]! / n;
  const wanted = new Float32Array(d);
  const chosen: number[] = [];
  const taken = new Uint8Array(n);
  for (let round = 0; round < count; round++) {
    for (let k = 0; k < d; k++) wanted[k] = wanted[k]! + mean[k]!;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue;
      const gap = squaredDistance(points, i, wanted, 0, d, least);
      if (gap < least) [least, best] = [gap, i];
    }
    taken[best] = 1;
    chosen.push(best);
    for (let k = 0; k < d; k++) wanted[k] = wanted[k]! - points[best * d + k]!;
  }
  return chosen;
};

/** next = argmax_i min_chosen ‖x_i − x_j‖, started at a random point. */
const kcenter: Selection = (points, d, count, key) => {
  const n = points.length / d;
  const nearest = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  const chosen = [key.integer(n)];
  const taken = new Uint8Array(n);
  taken[chosen[0]!] = 1;
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    let farthest = -1;
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue; // among copies of one point every distance is zero: still never the same one twice
      nearest[i] = Math.min(nearest[i]!, squaredDistance(points, i, points, last, d, nearest[i]));
      if (farthest < 0 || nearest[i]! > nearest[farthest]!) farthest = i;
    }
    taken[farthest] = 1;
    chosen.push(farthest);
  }
  return chosen;
};

/** Points of a class that k-means clusters at most, unless more centres are wanted: enough for stable centres. */
const clustered = 2000;

/** The point nearest to each k-means centre, every point at most once. */
const kmeans: Selection = (points, d, count, key) => {
  const n = points.length / d;
  const centres = kmeansCentres(sampleOf(points, d, Math.max(clustered, count), key.fold("sample")), d, count, key);
  const taken = new Set<number>();
  for (let k = 0; k < count; k++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (taken.has(i)) continue;
      const gap = squaredDistance(points, i, centres, k, d, least);
      if (gap < least) [least, best] = [gap, i];
    }
    taken.add(best);
  }
  return [...taken];
};

/** At most `most` of the points, drawn without replacement; the points themselves where there are no more. */
function sampleOf(points: Float32Array, d: number, most: number, key: RandomKey): Float32Array {
  const n = points.length / d;
  if (n <= most) return points;
  const out = new Float32Array(most * d);
  key.permutation(n, most).forEach((i, at) => {
    out.set(points.subarray(i * d, (i + 1) * d), at * d);
  });
  return out;
}

const random: Selection = (points, d, count, key) => Array.from(key.permutation(points.length / d, count));

const selections: Record<string, Selection> = { random, herding, kcenter, kmeans };

/** Rules whose choice hangs on the key: what one of them is worth is a mean over draws, not the luck of one. */
export const drawnRules: ReadonlySet<string> = new Set(["random", "kcenter", "kmeans"]);

/**
 * A coreset: `ipc` real images of every class, chosen per class among normalised pixels by a declared rule.
 *
 * @returns positions in the training split, class-major.
 */
export function selectCoreset(dataset: Dataset, rule: string, ipc: number, key: RandomKey): number[] {
  const select = Object.hasOwn(selections, rule) ? selections[rule] : undefined;
  if (!select)
    throw new AttarError(
      "unknown-method",
      `there is no selection rule "${rule}"`,
      `use one of ${Object.keys(selections).join(", ")}`,
    );
  const d = size(dataset.shape);
  return classesOf(dataset, ipc).flatMap((members, c) => {
    const points = rule === "random" ? new Float32Array(members.length * d) : pointsOf(dataset, members);
    return select(points, d, ipc, key.fold(c)).map((i) => members[i]!);
  });
}

/** A rule that another room brings, and that may take its time. */
export type SlowSelection = (points: Float32Array, d: number, count: number, signal?: AbortSignal) => Promise<number[]>;

/** {@link selectCoreset} by such a rule. @throws AttarError "interrupted" (exit code 4) where the signal is aborted. */
export async function selectCoresetBy(
  dataset: Dataset,
  select: SlowSelection,
  ipc: number,
  signal?: AbortSignal,
): Promise<number[]> {
  const chosen: number[] = [];
  try {
    for (const members of classesOf(dataset, ipc))
      for (const i of await select(pointsOf(dataset, members), size(dataset.shape), ipc, signal))
        chosen.push(members[i]!);
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new AttarError(
      "interrupted",
      "the choice of a coreset was interrupted; nothing of it is kept",
      "run the same command again",
      4,
    );
  }
  return chosen;
}

const pointsOf = (dataset: Dataset, members: ArrayLike<number>): Float32Array =>
  normalise(dataset, "train", members).data as Float32Array;

/** Positions of every class's images. @throws AttarError where a class has fewer than `ipc`. */
function classesOf(dataset: Dataset, ipc: number) {
  if (!Number.isSafeInteger(ipc) || ipc < 1)
    throw new AttarError("bad-option", `ipc must be a whole number of at least 1, got ${ipc}`, "for example --ipc 10");
  const classes = byClass(dataset.train.labels, dataset.classes.length);
  for (const [c, members] of classes.entries())
    if (ipc > members.length)
      throw new AttarError(
        "ipc-too-large",
        `ipc ${ipc} is larger than class "${dataset.classes[c]}" of ${dataset.name}, which has ${members.length} training images`,
        `use --ipc ${members.length} or less`,
      );
  return classes;
}
