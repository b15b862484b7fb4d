import type { NamedTensors } from "./namedTensors.ts";

/**
 * Largest relative error at which two implementations count as computing the same in float32. A unit whose input is zero but
 * for rounding passes its gradient in one and not in the other: on these cases both are about 1e-3 from float64.
 */
export const tolerance = 5e-3;

/** The same for an unroll of tens of steps, each of which adds such units: two float32 runs part by about 1e-2 in 20 steps. */
export const unrolledTolerance = 2e-2;

/**
 * Relative error ‖a − b‖ / ‖b‖ of each group of tensors taken as one vector, so that a tensor that is zero but for rounding
 * (the gradient of a bias before a normalisation) weighs what it is worth.
 *
 * @throws RangeError where names or sizes differ.
 */
export function relativeErrors(ours: NamedTensors, theirs: NamedTensors): Record<string, number> {
  const [a, b] = [Object.keys(ours).sort(), Object.keys(theirs).sort()];
  if (String(a) !== String(b)) throw new RangeError(`ours returned ${a.join(", ")}; the peer ${b.join(", ")}`);
  const sums = new Map<string, { difference: number; norm: number }>();
  for (const name of a) {
    const [x, y] = [ours[name]!.data, theirs[name]!.data];
    if (x.length !== y.length) throw new RangeError(`${name} has ${x.length} elements, the peer's ${y.length}`);
    const group = name.split(".")[0]!;
    const sum = sums.get(group) ?? { difference: 0, norm: 0 };
    for (let i = 0; i < x.length; i++) {
      sum.difference += (x[i]! - y[i]!) ** 2;
      sum.norm += y[i]! ** 2;
    }
    sums.set(group, sum);
  }
  return Object.fromEntries([...sums].map(([group, s]) => [group, Math.sqrt(s.difference / s.norm)]));
}

/** The largest relative error of any group; NaN where any is NaN. */
export function largestError(ours: NamedTensors, theirs: NamedTensors): number {
  return Math.max(...Object.values(relativeErrors(ours, theirs)));
}
