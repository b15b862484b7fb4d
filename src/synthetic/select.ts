import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { AttarError, type RandomKey, size } from "../engine/index.ts";
import { kmeansCentres } from "./kmeans.ts";

/** Chooses `count` of n points of dimension d; returns their positions. */
export type Selection = (points: Float32Array, d: number, count: number, key: RandomKey) => number[];

const distance = (a: Float32Array, i: number, b: Float32Array, j: number, d: number): number => {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const diff = a[i * d + k]! - b[j * d + k]!;
    sum += diff * diff;
  }
  return sum;
};

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
      const gap = distance(points, i, wanted, 0, d);
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
  while (chosen.length < count) {
    const last = chosen.at(-1)!;
    let farthest = 0;
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i]!, distance(points, i, points, last, d));
      if (nearest[i]! > nearest[farthest]!) farthest = i;
    }
    chosen.push(farthest);
  }
  return chosen;
};

/** The point nearest to each k-means centre, every point at most once. */
const kmeans: Selection = (points, d, count, key) => {
  const n = points.length / d;
  const centres = kmeansCentres(points, d, count, key);
  const taken = new Set<number>();
  for (let k = 0; k < count; k++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (taken.has(i)) continue;
      const gap = distance(points, i, centres, k, d);
      if (gap < least) [least, best] = [gap, i];
    }
    taken.add(best);
  }
  return [...taken];
};

const random: Selection = (points, d, count, key) => Array.from(key.permutation(points.length / d, count));

const selections: Record<string, Selection> = { random, herding, kcenter, kmeans };

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
  return byClass(dataset.train.labels, dataset.classes.length).flatMap((members, c) => {
    if (ipc > members.length)
      throw new AttarError(
        "ipc-too-large",
        `ipc ${ipc} is larger than class "${dataset.classes[c]}" of ${dataset.name}, which has ${members.length} training images`,
        `use --ipc ${members.length} or less`,
      );
    const points =
      rule === "random"
        ? new Float32Array(members.length * d)
        : (normalise(dataset, "train", members).data as Float32Array);
    return select(points, d, ipc, key.fold(c)).map((i) => members[i]!);
  });
}
