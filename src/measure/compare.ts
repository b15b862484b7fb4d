import { byClass } from "../data/byClass.ts";
import type { EmpiricalMeasure, Estimate, Measurable, MeasureContext } from "../discrepancies/discrepancy.ts";
import { rowsOf } from "../discrepancies/measures/index.ts";
import { AttarError } from "../engine/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import type { ClassMatch } from "./agree.ts";
import type { GivenOptions } from "./choose.ts";
import type { Measurement, Value } from "./measurement.ts";
import { untilAborted } from "./untilAborted.ts";

export interface CompareOptions {
  readonly discrepancies: readonly Measurable[];
  readonly options: GivenOptions;
  /** True where wrong input for one discrepancy ends all (its name was given), false where it is left out. */
  readonly strict: boolean;
  readonly perClass: boolean;
  readonly network: NetworkSpec;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called before each discrepancy. */
  readonly onStart?: (name: string) => void;
}

export type Values = Pick<Measurement, "values" | "skipped" | "failed"> & { readonly interrupted: boolean };

/**
 * Measures each discrepancy of two sides, one after the other. Stops between and within them when the signal is aborted;
 * what was computed by then is returned.
 *
 * @throws AttarError (exit code 2) where `strict` and one does not apply
 */
export async function compare(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  match: ClassMatch,
  options: CompareOptions,
): Promise<Values> {
  const { discrepancies, options: given, strict, perClass, network, seed, signal } = options;
  const values: Record<string, Value & { classes?: Record<string, Value> }> = {};
  const [skipped, failed]: [Record<string, string>, Record<string, string>] = [{}, {}];
  const context: MeasureContext = { seed, network, signal };
  const classes = perClass ? classPairs(a, matched(match)) : [];
  if (strict) for (const discrepancy of discrepancies) otherSide(discrepancy, a, b, match);
  for (const discrepancy of discrepancies) {
    const { name } = discrepancy;
    if (signal?.aborted) break;
    options.onStart?.(name);
    const timed = (x: EmpiricalMeasure, y: EmpiricalMeasure) =>
      timedMeasure(() => discrepancy.measure(x, y, context, given[name]), name, [x, y], signal);
    try {
      const whole = await timed(a, otherSide(discrepancy, a, b, match));
      values[name] = whole;
      if (!(discrepancy.classWise ?? !discrepancy.labelAware)) continue;
      const own: Record<string, Value> = {};
      for (const [label, x, y] of classes) {
        own[label] = await timed(x, y);
        values[name] = { ...whole, classes: own };
      }
    } catch (error) {
      if (signal?.aborted) break;
      const known = error instanceof AttarError;
      if (strict && known && error.exitCode === 2) throw error;
      const message = error instanceof Error ? error.message : String(error);
      (known && error.exitCode === 2 ? skipped : failed)[name] = message;
    }
  }
  return { values, skipped, failed, interrupted: signal?.aborted ?? false };
}

function matched(match: ClassMatch): EmpiricalMeasure {
  if (!match.agree) throw match.why;
  return match.b;
}

/** @throws AttarError "needs-images" for a discrepancy that reads images where the sides are points */
export function checkReadable({ name, needsImages }: Measurable, images: boolean): void {
  if (!needsImages || images) return;
  throw new AttarError(
    "needs-images",
    `${name} reads images, and an encoder makes points of them`,
    "measure it without --encoder, or in the input space: --space input",
  );
}

/**
 * B as a discrepancy may read it.
 *
 * @throws AttarError (exit code 2) where it does not apply: "needs-images", or "classes-differ" where it reads labels
 */
function otherSide(
  discrepancy: Measurable,
  { points }: EmpiricalMeasure,
  b: EmpiricalMeasure,
  match: ClassMatch,
): EmpiricalMeasure {
  checkReadable(discrepancy, points.shape.length === 4);
  if (discrepancy.labelAware) return matched(match);
  return match.agree ? match.b : b;
}

/** A value with the seconds it took. @throws AttarError (exit code 1) where it is not finite */
async function timedMeasure(
  measure: () => Promise<Estimate>,
  name: string,
  [a, b]: readonly [EmpiricalMeasure, EmpiricalMeasure],
  signal?: AbortSignal,
): Promise<Value> {
  const started = performance.now();
  const { value, stderr, estimator, bound } = await untilAborted(measure(), signal);
  if (!Number.isFinite(value))
    throw new AttarError("not-finite", `${name} of ${a.name} and ${b.name} is ${value}`, "", 1);
  return { value, stderr, estimator, ...(bound && { bound }), seconds: (performance.now() - started) / 1000 };
}

/**
 * Both sides class by class, under A's names.
 *
 * @throws AttarError "empty-class" for a class that a side lacks
 */
function classPairs(a: EmpiricalMeasure, b: EmpiricalMeasure): [string, EmpiricalMeasure, EmpiricalMeasure][] {
  const [rowsA, rowsB] = [a, b].map(({ labels, classes }) => byClass(labels, classes)) as [
    Uint32Array[],
    Uint32Array[],
  ];
  return a.classes.map((label, c) => {
    const part = (side: EmpiricalMeasure, rows: readonly Uint32Array[]) => {
      if (rows[c]!.length === 0)
        throw new AttarError(
          "empty-class",
          `class "${label}" of ${side.name} has no sample`,
          "leave out --per-class, or name a set that has samples of every class",
        );
      return { ...rowsOf(side, rows[c]!), name: `class "${label}" of ${side.name}` };
    };
    return [label, part(a, rowsA), part(b, rowsB)];
  });
}
