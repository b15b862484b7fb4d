import type { NamedTensors } from "./namedTensors.ts";

/**
 * How many times farther than PyTorch's float32 another float32 computation may be from float64. Convolutions by tiles lose five
 * to six times as much as direct sums do (docs/decisions/0008-convolutions-by-tiles.md).
 */
export const margin = 6;

/** Half the distance from 1 to the next number in float32: no result that is stored is closer to float64, relative to its size. */
const roundoff = 2 ** -24;

/** Roundings that a lone number counts as off by at least: its error is one draw, which may come out at zero in every run. */
const draw = 4;

/** What is held against PyTorch's results in float64, one result a run. */
export interface Reference {
  readonly results: readonly NamedTensors[];
  /** By group of results. */
  readonly reach: Readonly<Record<string, Reach>>;
}

/** What float32 comes to in a group of results. */
export interface Reach {
  /** The error of storing a result. */
  readonly stored: number;
  /** The largest of {@link errorsOf} some runs of PyTorch in float32, and of `stored`. */
  readonly error: number;
}

/** How the results of both sides compare with PyTorch's in float64. */
export interface Parity {
  /** By group of results, the error of the side that is farther from float64. */
  readonly errors: Readonly<Record<string, { readonly error: number }>>;
  /** The largest error as a share of what is tolerated; NaN where any is NaN. */
  readonly share: number;
  readonly equal: boolean;
}

/**
 * Holds the results of both sides' runs against float64. A group may be {@link margin} times as far from it as PyTorch's float32 is.
 *
 * @param states groups of tensors that a run moves, by their tensors before any run: their movement is compared.
 * @param most the largest reach that tells anything: where PyTorch's float32 is farther from float64, and farther than storing puts
 * it, this much is tolerated in its place.
 * @throws RangeError where names or sizes differ.
 */
export function compare(
  sides: readonly (readonly NamedTensors[])[],
  { results, reach }: Reference,
  states: NamedTensors = {},
  most = Number.POSITIVE_INFINITY,
): Parity {
  const errors: Record<string, { error: number }> = {};
  let share = 0;
  for (const runs of sides)
    for (const [i, run] of runs.entries())
      for (const [group, error] of Object.entries(errorsOf(run, results[i]!, states))) {
        if (!(error <= (errors[group]?.error ?? -1))) errors[group] = { error };
        // Math.max keeps what is not a number.
        const { stored, error: own } = reach[group]!;
        share = Math.max(share, error / (margin * Math.min(own, Math.max(most, stored))));
      }
  return { errors, share, equal: share <= 1 };
}

/** What float32 comes to in several runs. */
export function reachOf(
  runs: readonly (readonly NamedTensors[])[],
  results: readonly NamedTensors[],
  states: NamedTensors = {},
): Record<string, Reach> {
  const reach: Record<string, Reach> = {};
  const raise = (group: string, error: number, stored = 0) => {
    const before = reach[group] ?? { stored: 0, error: 0 };
    reach[group] = { stored: Math.max(before.stored, stored), error: Math.max(before.error, error, stored) };
  };
  for (const [i, exact] of results.entries()) {
    for (const [group, { count, size, moved }] of Object.entries(groupSums(exact, exact, states)))
      raise(group, 0, ((count === 1 ? draw : 1) * roundoff * size) / moved);
    for (const run of runs)
      for (const [group, error] of Object.entries(errorsOf(run[i]!, exact, states))) raise(group, error);
  }
  return reach;
}

/**
 * The relative error ‖a − b‖ / ‖b‖ of each group of results taken as one vector; of a state ‖a − b‖ / ‖b − start‖, the share of its movement.
 * A tensor that is zero but for rounding (the gradient of a bias before a normalisation) so weighs what it is worth.
 *
 * @throws RangeError where names or sizes differ.
 */
export function errorsOf(
  results: NamedTensors,
  exact: NamedTensors,
  states: NamedTensors = {},
): Record<string, number> {
  const sums = Object.entries(groupSums(results, exact, states));
  return Object.fromEntries(sums.map(([group, { apart, moved }]) => [group, apart / moved]));
}

/** The part of a name before its first dot. */
export const groupOf = (name: string): string => name.split(".")[0]!;

/** The worse of several comparisons. */
export function worst(parities: readonly Parity[]): Parity {
  return parities.reduce((a, b) => (a.share >= b.share || Number.isNaN(a.share) ? a : b));
}

/** The errors of all groups in words. */
export function parityText({ errors, share }: Parity): string {
  const groups = Object.entries(errors).map(([group, { error }]) => `${group} ${error.toExponential(1)}`);
  return `${groups.join(", ")} from float64, ${share.toPrecision(2)} times what is tolerated`;
}

/** The numbers in a group, and norms: of the difference, of the exact results, and of their way from where they started. */
type GroupSums = { count: number; apart: number; size: number; moved: number };

function groupSums(results: NamedTensors, exact: NamedTensors, states: NamedTensors): Record<string, GroupSums> {
  const [a, b] = [Object.keys(results).sort(), Object.keys(exact).sort()];
  if (String(a) !== String(b)) throw new RangeError(`one side returned ${a.join(", ")}; the other ${b.join(", ")}`);
  const sums: Record<string, GroupSums> = {};
  for (const name of a) {
    const [x, y] = [results[name]!.data, exact[name]!.data];
    if (x.length !== y.length) throw new RangeError(`${name} has ${x.length} elements, the other side's ${y.length}`);
    const group = groupOf(name);
    const start = states[name]?.data;
    sums[group] ??= { count: 0, apart: 0, size: 0, moved: 0 };
    const sum = sums[group];
    sum.count += x.length;
    for (let i = 0; i < x.length; i++) {
      sum.apart += (x[i]! - y[i]!) ** 2;
      sum.size += y[i]! ** 2;
      sum.moved += (y[i]! - (start?.[i] ?? 0)) ** 2;
    }
  }
  for (const sum of Object.values(sums))
    for (const norm of ["apart", "size", "moved"] as const) sum[norm] = Math.sqrt(sum[norm]);
  return sums;
}
