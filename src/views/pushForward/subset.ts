import { Tensor } from "../../engine/index.ts";
import type { FittingSet } from "./encoder.ts";

/** The given rows of a set, copied. */
export function subset(set: FittingSet, rows: ArrayLike<number>): FittingSet {
  const length = set.images.data.length / set.images.shape[0]!;
  const data = new Float32Array(rows.length * length);
  const labels = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    data.set(set.images.data.subarray(rows[i]! * length, (rows[i]! + 1) * length), i * length);
    labels[i] = set.labels[rows[i]!]!;
  }
  return { ...set, images: new Tensor(data, [rows.length, ...set.images.shape.slice(1)], "float32"), labels };
}
