import type { ValuesTarget } from "../../data/valuesTarget.ts";
import { AttarError, nearest, type OptionValues, partText, readPartText, resolveOptions } from "../../engine/index.ts";
import { accuracyReading } from "./accuracy.ts";
import { adaptiveCalibration } from "./adaptiveCalibration.ts";
import { attackReading, attackReadings } from "./attack.ts";
import { isJoined, joinedPlan } from "./attackPlan.ts";
import { calibration } from "./calibration.ts";
import { certified } from "./certified.ts";
import { corruption } from "./corruption.ts";
import { lossReading } from "./loss.ts";
import { type Reading, type Unit, units } from "./reading.ts";
import { r2, rmse } from "./regression.ts";
import { temperature } from "./temperature.ts";
import { trainingMultiplyAdds } from "./trainingMultiplyAdds.ts";
import { worstClass } from "./worstClass.ts";

/** All readings, in the order in which protocols and tables name them. */
export const readings: readonly Reading[] = [
  accuracyReading,
  worstClass,
  calibration,
  adaptiveCalibration,
  temperature,
  lossReading,
  corruption,
  trainingMultiplyAdds,
  r2,
  rmse,
  certified,
  ...attackReadings,
];

/** A reading by name and options: what protocols store. JSON-serialisable. */
export interface ReadingSpec {
  readonly name: string;
  readonly options: OptionValues;
}

/**
 * The reading of that name; of names of attacks that "+" joins, the worst of them.
 *
 * @throws AttarError "unknown-reading", "unknown-attack"
 */
export function readingNamed(name: string): Reading {
  if (isJoined(name)) return attackReading(joinedPlan(name));
  const found = readings.find((r) => r.name === name);
  if (found) return found;
  const names = readings.map((r) => r.name);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-reading",
    `there is no reading "${name}"`,
    near ? `did you mean "${near}"?` : `readings: ${names.join(", ")}`,
  );
}

const specOf = ({ name, options }: Reading, given: OptionValues): ReadingSpec => ({
  name,
  options: resolveOptions(`reading ${name}`, options, given, (option, value) => `${name}:${option}=${value}`),
});

/**
 * The reading that a text such as `worst-class` or `calibration:bins=10` names.
 *
 * @throws AttarError "unknown-reading", "unknown-option", "invalid-option", or "invalid-reading" for a text of another form
 */
export function parseReading(text: string): ReadingSpec {
  const { part, options } = readPartText(
    text,
    readingNamed,
    (piece) =>
      new AttarError(
        "invalid-reading",
        `cannot read "${piece}" in reading "${text}"`,
        "options are written name=value with commas between them: calibration:bins=10",
      ),
    (reading) => reading.leading ?? [],
  );
  return specOf(part, options);
}

/** The shortest text that {@link parseReading} reads back as this. */
export function readingText({ name, options }: ReadingSpec): string {
  const reading = readingNamed(name);
  return partText(name, specOf(reading, options).options, reading.options, reading.leading);
}

/**
 * The readings of a protocol, with every option resolved: accuracy first, or R² and RMSE where numbers are predicted; each once,
 * in the registry's order, so that equal lists make equal protocols.
 *
 * @param target the numbers that are predicted, where they are
 */
export function readingsOf(asked: readonly ReadingSpec[], target?: ValuesTarget): readonly ReadingSpec[] {
  const always = target ? [r2, rmse] : [accuracyReading];
  const all = [...always.map(({ name }) => ({ name, options: {} })), ...asked];
  const byText = new Map(all.map((spec) => [readingText(spec), specOf(readingNamed(spec.name), spec.options)]));
  const rank = (name: string) => (isJoined(name) ? readings.length : readings.findIndex((r) => r.name === name));
  const place = ([text, { name }]: [string, ReadingSpec]) => `${String(rank(name)).padStart(4)}${text}`;
  return [...byText].sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(([, spec]) => spec);
}

/** True for readings of accuracy under attack, by one attack or by several. */
export const isAttackReading = (name: string): boolean =>
  isJoined(name) || attackReadings.some((reading) => reading.name === name);

/** The name of a reading's value in a score: the reading's text, with a dot and the value's own name unless it is the chief. */
export function valueName(spec: ReadingSpec, value: string): string {
  return value === spec.name ? readingText(spec) : `${readingText(spec)}.${value}`;
}

/** The unit of a value in a score, by its name; undefined where no reading here yields it. */
export function unitOfValue(name: string): Unit | undefined {
  const [head = ""] = name.split(/[:.]/);
  if (isJoined(head)) return "fraction";
  const reading = readings.find((r) => r.name === head);
  const own = name.slice(name.lastIndexOf(".") + 1);
  return reading && (reading.units && Object.hasOwn(reading.units, own) ? reading.units[own] : reading.unit);
}

/** True for a finite number in the range of the value's unit; any finite number will do for a value that is not known here. */
export function isReadingValue(name: string, value: unknown): value is number {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  const unit = unitOfValue(name);
  return unit === undefined || (value >= units[unit].least && value <= units[unit].most);
}
