import { AttarError } from "../engine/errors.ts";
import type { Normalisation } from "./dataset.ts";
import { domainOf } from "./domain.ts";
import { isConvention } from "./valueRange.ts";

type Shape = readonly [number, number, number];

/** Black and white in units of stored / scale; undefined where only the data's own extremes are known. */
function blackAndWhite({ scale, range }: Normalisation): readonly [number, number] | undefined {
  if (!range || scale !== 1) return [0, 1];
  return isConvention(range) ? [range.low[0]!, range.high[0]!] : undefined;
}

/** Tells whether the values of a normalisation have units that other data can be brought to. */
export const hasUnits = (normalisation: Normalisation): boolean => blackAndWhite(normalisation) !== undefined;

/**
 * The step from values (stored / scale) of one normalisation to those of another that mean the same: value ↦ gain · value +
 * shift. Black goes to black and white to white; a table's numbers, and numbers of no known range on both sides, stay what
 * they are.
 *
 * @param names of both, for the error
 * @throws AttarError "unknown-scale" where one side's units are known and the other's are not
 */
export function changeOfUnits(
  from: Normalisation,
  to: Normalisation,
  shape: Shape,
  names: readonly [string, string],
): { gain: number; shift: number } {
  if (domainOf(shape).kind === "table") return { gain: from.scale / to.scale, shift: 0 };
  const [source, target] = [blackAndWhite(from), blackAndWhite(to)];
  if (!source && !target) return { gain: from.scale / to.scale, shift: 0 };
  if (!source || !target)
    throw unknownScale(source ? names[1] : names[0], source ? to : from, source ? names[0] : names[1]);
  const gain = (target[1] - target[0]) / (source[1] - source[0]);
  return { gain, shift: target[0] - gain * source[0] };
}

/**
 * A normalisation for images of other data, stored on another scale: equal pictures become equal values.
 *
 * @param target mean, deviation and whitening to apply, in their own units
 * @param stored how those images are stored
 * @throws AttarError "unknown-scale"
 */
export function inUnitsOf(
  target: Normalisation,
  stored: Normalisation,
  shape: Shape,
  names: readonly [string, string],
): Normalisation {
  const { gain, shift } = changeOfUnits(stored, target, shape, names);
  const { range: _, ...rest } = target;
  const { range } = stored;
  return {
    ...rest,
    scale: stored.scale / gain,
    mean: target.mean.map((m) => m - shift),
    ...(range && { range: { low: range.low.map((v) => v * gain), high: range.high.map((v) => v * gain) } }),
  };
}

function unknownScale(name: string, { range, scale }: Normalisation, other: string): AttarError {
  const ends = range ? ` (they go from ${short(range.low[0]! * scale)} to ${short(range.high[0]! * scale)})` : "";
  return new AttarError(
    "unknown-scale",
    `the images of ${name} are numbers whose black and white are not known${ends}, and those of ${other} have a known scale`,
    "store both alike: as bytes, 16-bit words, or floats of 0 to 1 or of -1 to 1",
  );
}

const short = (value: number) => String(Number(value.toPrecision(3)));

/** Mean and deviation as a file keeps them that says no range: from black at 0 to white at 1 where units are known. */
export function inPlainUnits(own: Normalisation, shape: Shape): Pick<Normalisation, "mean" | "std"> {
  const { mean, std } = own;
  if (!hasUnits(own)) return { mean, std };
  const { gain, shift } = changeOfUnits(own, { scale: own.scale, mean, std }, shape, ["", ""]);
  return { mean: mean.map((m) => gain * m + shift), std: std.map((s) => gain * s) };
}
