import { AttarError, Tensor } from "../../engine/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";

/**
 * Points with their classes as further coordinates: d((x, y), (x', y'))² = ‖x − x'‖² + step² where y and y' differ. The
 * one-hot code of a class times step/√2 does that in the Euclidean metric. Classes of the two sets go by their names.
 */
export function labelled(a: EmpiricalMeasure, b: EmpiricalMeasure, step: number): [EmpiricalMeasure, EmpiricalMeasure] {
  const names = [...new Set([...a.classes, ...b.classes])];
  return [withClasses(a, names, step), withClasses(b, names, step)];
}

function withClasses(measure: EmpiricalMeasure, names: readonly string[], step: number): EmpiricalMeasure {
  const { points, labels, classes } = measure;
  const n = points.shape[0]!;
  const d = points.data.length / n;
  const width = d + names.length;
  const data = new Float32Array(n * width);
  for (let i = 0; i < n; i++) {
    data.set((points.data as Float32Array).subarray(i * d, (i + 1) * d), i * width);
    const name = classes[labels[i]!];
    if (name === undefined)
      throw new AttarError("bad-points", `${measure.name} has no class ${labels[i]}`, "labels count from 0");
    data[i * width + d + names.indexOf(name)] = step / Math.SQRT2;
  }
  return { ...measure, points: new Tensor(data, [n, width], "float32") };
}
