import { AttarError, size } from "../../engine/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";

/** Measures found sound before: points are read once, not once for every discrepancy. */
const sound = new WeakSet<EmpiricalMeasure>();

/**
 * Refuses two measures that no discrepancy can compare.
 *
 * @throws AttarError "shapes-differ", "empty-measure", "not-finite", "bad-labels", "bad-weights".
 */
export function checkMeasures(a: EmpiricalMeasure, b: EmpiricalMeasure): void {
  const [x, y] = [a, b].map(({ points }) => points.shape.slice(1).join("x"));
  if (x !== y || a.points.shape.length !== b.points.shape.length)
    throw new AttarError(
      "shapes-differ",
      `a point of ${a.name} is ${x} and a point of ${b.name} is ${y}`,
      "Compare sets of one shape, or give both an encoder.",
    );
  for (const measure of [a, b]) checkMeasure(measure);
}

/**
 * Refuses two measures whose labels do not count the same classes.
 *
 * @throws AttarError "classes-differ".
 */
export function checkClasses(a: EmpiricalMeasure, b: EmpiricalMeasure): void {
  if (a.classes.length !== b.classes.length)
    throw new AttarError(
      "classes-differ",
      `${a.name} has ${a.classes.length} classes and ${b.name} has ${b.classes.length}`,
      "Leave out the discrepancies that read labels, or compare sets with the same classes.",
    );
}

function checkMeasure(measure: EmpiricalMeasure): void {
  if (sound.has(measure)) return;
  const { name, points, labels, classes, weights } = measure;
  const count = points.shape[0] ?? 0;
  if (count === 0 || points.data.length === 0)
    throw new AttarError("empty-measure", `${name} has no points`, "Name a set or a class with at least one point.");
  const width = size(points.shape.slice(1));
  for (let i = 0; i < points.data.length; i++)
    if (!Number.isFinite(points.data[i]!))
      throw new AttarError(
        "not-finite",
        `point ${Math.floor(i / width)} of ${name} holds ${points.data[i]}`,
        "Leave such points out, or mend the file.",
      );
  if (labels.length !== count)
    throw new AttarError("bad-labels", `${name} has ${count} points and ${labels.length} labels`);
  for (let i = 0; i < count; i++)
    if (labels[i]! < 0 || labels[i]! >= classes.length)
      throw new AttarError(
        "bad-labels",
        `point ${i} of ${name} has label ${labels[i]}, not one of ${classes.length} classes`,
      );
  if (weights) checkWeights(name, weights, count);
  sound.add(measure);
}

function checkWeights(name: string, weights: Float64Array, count: number): void {
  const refuse = (what: string) =>
    new AttarError("bad-weights", what, "Give each point a weight from 0 and divide by their sum.");
  if (weights.length !== count) throw refuse(`${name} has ${count} points and ${weights.length} weights`);
  let total = 0;
  for (const [i, weight] of weights.entries()) {
    if (!(weight >= 0)) throw refuse(`the weight of point ${i} of ${name} is ${weight}`);
    total += weight;
  }
  if (!(Math.abs(total - 1) < 1e-6)) throw refuse(`the weights of ${name} add up to ${total}, not to 1`);
}
