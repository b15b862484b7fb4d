import type { NamedTensors } from "./namedTensors.ts";

/** How far two implementations are apart in one group of tensors taken as one vector; a is ours, b the peer's. */
export interface GroupError {
  /** ‖a − b‖ / ‖b‖; of a state ‖a − b‖ / ‖b − start‖, the share of its movement. */
  readonly error: number;
  /** |‖a‖ − ‖b‖| / ‖b‖: rounding averages out in a length, a decay or a wrong factor does not. */
  readonly length: number;
}

/** The largest {@link GroupError} at which both sides count as computing the same in float32. */
export type Tolerance = GroupError;

/**
 * The tolerances of results that cases name none for, at least twice what was measured between float32 implementations and
 * against float64 (docs/bench.md). Gradients are the worst: a unit whose input is zero but for rounding passes its gradient in one
 * implementation and not in the other.
 */
export const usualTolerances = {
  /** A loss or a distance. */
  number: { error: 2e-5, length: 2e-5 },
  /** Weights and images that a run moves. */
  state: { error: 4e-3, length: 5e-8 },
  gradient: { error: 5e-3, length: 5e-5 },
} as const satisfies Record<string, Tolerance>;

/** The tolerance of an unroll of tens of steps on many images, or of hundreds: each adds such units. Measured: 8.5e-3 (docs/results/speed.md). */
export const unrolledTolerance: Tolerance = { error: 2e-2, length: 2e-3 };

/** How two runs of the same case compare. */
export interface Parity {
  readonly errors: Readonly<Record<string, GroupError>>;
  /** The largest error as a share of what is tolerated; NaN where any is NaN. */
  readonly share: number;
  readonly equal: boolean;
}

/** What is compared and how strictly. */
export interface Comparison {
  /** Groups of tensors that a run moves, by their tensors before any run: their movement is compared. */
  readonly states?: NamedTensors;
  /** Tolerances by group; the others have `otherwise`. */
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  readonly otherwise?: Tolerance;
}

/**
 * Compares what both sides computed, each group of tensors taken as one vector, so that a tensor that is zero but for rounding
 * (the gradient of a bias before a normalisation) weighs what it is worth.
 *
 * @throws RangeError where names or sizes differ.
 */
export function compare(ours: NamedTensors, theirs: NamedTensors, how: Comparison = {}): Parity {
  const errors = groupErrors(ours, theirs, how.states ?? {});
  const shares = Object.entries(errors).flatMap(([group, { error, length }]) => {
    const most = how.tolerances?.[group] ?? how.otherwise ?? usual(group, ours, how.states ?? {});
    return [error / most.error, length / most.length];
  });
  const share = Math.max(...shares);
  return { errors, share, equal: share <= 1 };
}

function usual(group: string, tensors: NamedTensors, states: NamedTensors): Tolerance {
  const { number, state, gradient } = usualTolerances;
  if (Object.keys(states).some((name) => groupOf(name) === group)) return state;
  return tensors[group]?.data.length === 1 ? number : gradient;
}

/** The part of a name before its first dot. */
export const groupOf = (name: string): string => name.split(".")[0]!;

/** The worse of several comparisons. */
export function worst(parities: readonly Parity[]): Parity {
  return parities.reduce((a, b) => (a.share >= b.share || Number.isNaN(a.share) ? a : b));
}

/** The errors of all groups in words. */
export function parityText({ errors }: Parity): string {
  return Object.entries(errors)
    .map(([group, { error, length }]) => `${group} ${error.toExponential(1)} (length ${length.toExponential(1)})`)
    .join(", ");
}

function groupErrors(ours: NamedTensors, theirs: NamedTensors, states: NamedTensors): Record<string, GroupError> {
  const [a, b] = [Object.keys(ours).sort(), Object.keys(theirs).sort()];
  if (String(a) !== String(b)) throw new RangeError(`ours returned ${a.join(", ")}; the peer ${b.join(", ")}`);
  const sums = new Map<string, { difference: number; moved: number; own: number; theirs: number }>();
  for (const name of a) {
    const [x, y] = [ours[name]!.data, theirs[name]!.data];
    if (x.length !== y.length) throw new RangeError(`${name} has ${x.length} elements, the peer's ${y.length}`);
    const group = groupOf(name);
    const start = states[name]?.data;
    const sum = sums.get(group) ?? { difference: 0, moved: 0, own: 0, theirs: 0 };
    for (let i = 0; i < x.length; i++) {
      sum.difference += (x[i]! - y[i]!) ** 2;
      sum.moved += (y[i]! - (start?.[i] ?? 0)) ** 2;
      sum.own += x[i]! ** 2;
      sum.theirs += y[i]! ** 2;
    }
    sums.set(group, sum);
  }
  return Object.fromEntries(
    [...sums].map(([group, s]) => [
      group,
      { error: Math.sqrt(s.difference / s.moved), length: Math.abs(Math.sqrt(s.own / s.theirs) - 1) },
    ]),
  );
}
