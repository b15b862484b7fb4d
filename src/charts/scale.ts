/** An axis of a chart. */
export interface Axis {
  /** What is measured, with its unit: "accuracy, %". */
  readonly title: string;
  /** Equal distances are equal ratios; values of nought and below have no place. */
  readonly log?: boolean;
  /** Text of a value; by default as many digits as the distance of two ticks asks for. */
  readonly format?: (value: number) => string;
  /** The values that are marked, in place of round ones. */
  readonly ticks?: readonly number[];
  /** The least range that is shown; what is drawn widens it. */
  readonly from?: number;
  readonly to?: number;
}

export interface Tick {
  readonly value: number;
  /** The place in pixels. */
  readonly at: number;
  readonly text: string;
}

/** The map from values to pixels. */
export interface Scale {
  /** Pixels of a value; of one beyond the ends, the end. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
  readonly text: (value: number) => string;
}

/** Tells whether a value has a place on an axis. */
export const placed = ({ log = false }: Axis, value: number): boolean => Number.isFinite(value) && (!log || value > 0);

/**
 * The scale of an axis for what it shows.
 *
 * @param values all that is drawn, ends of intervals, too; those without a place are passed over
 * @param ends pixels of the least and of the greatest value
 * @param most ticks that there is room for, at least two
 */
export function scaleOf(axis: Axis, values: readonly number[], ends: readonly [number, number], most: number): Scale {
  const shown = [...values, axis.from ?? Number.NaN, axis.to ?? Number.NaN].filter((v) => placed(axis, v));
  const low = shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = shown.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [from, to, round] =
    shown.length === 0 ? (axis.log ? [1, 10, [1, 10]] : [0, 1, [0, 1]]) : rangeOf(axis, low, high, most);
  const map = axis.log ? Math.log : (v: number) => v;
  const [a, b] = [map(from), map(to)];
  const at = (value: number) => {
    const share = (map(value) - a) / (b - a);
    return ends[0] + (ends[1] - ends[0]) * Math.min(1, Math.max(0, share));
  };
  const slack = (to - from) * 1e-9;
  const marked = (axis.ticks ?? round).filter((v) => v >= from - slack && v <= to + slack);
  const text = axis.format ?? textOf(marked, axis.log ?? false);
  return { at, text, ticks: marked.map((value) => ({ value, at: at(value), text: text(value) })) };
}

type Range = readonly [from: number, to: number, ticks: readonly number[]];

function rangeOf(axis: Axis, low: number, high: number, most: number): Range {
  if (axis.log) return logRange(low, high, most);
  return linearRange(low, high, most);
}

/** Whole steps of 1, 2, 2.5 or 5 times a power of ten around a range. */
function linearRange(low: number, high: number, most: number): Range {
  const wide = high > low ? high - low : Math.abs(low) / 5 || 1;
  const [from, to] = high > low ? [low, high] : [low - wide / 2, high + wide / 2];
  const step = niceStep((to - from) / Math.max(1, most - 1));
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => exact((first + i) * step));
  return [ticks[0]!, ticks.at(-1)!, ticks];
}

/** The round step that is at least so long. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 2.5, 5].find((f) => f * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Powers of ten where a range has two or more, 1, 2 and 5 times them where it has fewer, round steps where it has hardly any. */
function logRange(low: number, high: number, most: number): Range {
  const room = high > low ? (high / low) ** 0.06 : 2;
  const [from, to] = [low / room, high * room];
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const inside = (v: number) => v >= from * (1 - 1e-12) && v <= to * (1 + 1e-12);
  const decades = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const powers = decades.map((e) => exact(10 ** e)).filter(inside);
  const finer = decades.flatMap((e) => [1, 2, 5].map((f) => exact(f * 10 ** e))).filter(inside);
  if (finer.length <= most && finer.length >= 2) return [from, to, finer];
  if (powers.length >= 2) {
    const stride = Math.ceil(powers.length / most);
    return [from, to, powers.filter((_, i) => i % stride === 0)];
  }
  if (finer.length >= 2) return [from, to, finer];
  return [from, to, linearRange(from, to, most)[2].filter((v) => v > 0 && inside(v))];
}

/** A number without the rounding of binary fractions. */
const exact = (value: number) => Number(value.toPrecision(12));

/** Texts of numbers with the digits by which neighbouring ticks differ; thousands and millions are abbreviated. */
function textOf(ticks: readonly number[], log: boolean): (value: number) => string {
  if (log) return short;
  const steps = ticks.slice(1).map((v, i) => v - ticks[i]!);
  const step = steps.length > 0 ? Math.min(...steps) : 1;
  const largest = Math.max(...ticks.map(Math.abs), 0);
  if (largest >= 1e4 || (largest > 0 && largest < 1e-3)) return short;
  const digits = [0, 1, 2, 3, 4, 5, 6].find((d) => Math.abs(step - Number(step.toFixed(d))) < step * 1e-6) ?? 6;
  return (value) => value.toFixed(digits).replace(/^-(0(\.0*)?)$/, "$1");
}

const units: readonly (readonly [size: number, letter: string])[] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** A number in few characters: 0.05, 12, 1500 as 1.5k, 2000000 as 2M. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && (size < 1e-3 || size >= 1e15)) return value.toExponential(1).replace(".0e", "e");
  const [unit, letter] = units.find(([least]) => size >= least) ?? [1, ""];
  return `${Number((value / unit).toPrecision(3))}${letter}`;
}

/** A share of 1 in per cent, without the sign: 0.964 as "96.4". */
export const percent = (share: number): string => String(Number((share * 100).toFixed(1)));
