import type { Plot } from "./frame.ts";
import { whisker } from "./palette.ts";
import { type Axis, placed } from "./scale.ts";
import type { Element } from "./svg.ts";

/** A figure with its interval: of deviations, errors or quantiles, as the chart's notes say. */
export interface Value {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** A point with its intervals along either axis. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  readonly xLow?: number;
  readonly xHigh?: number;
  /** A name, as its tooltip has it and where there is room beside it. */
  readonly label?: string;
}

/** Points of one kind, in one colour and shape. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** The points of a series that have a place on both axes, and the number of those that have none. */
export function placedPoints(points: readonly Point[], axes: { readonly x: Axis; readonly y: Axis }) {
  const own = points.filter(({ x, y }) => placed(axes.x, x) && placed(axes.y, y));
  return { own, lost: points.length - own.length };
}

/** All that is drawn of points along either axis. */
export const extents = (points: readonly Point[]) => ({
  xs: points.flatMap(({ x, xLow = x, xHigh = x }) => [x, xLow, xHigh]),
  ys: points.flatMap(({ y, low = y, high = y }) => [y, low, high]),
});

/** The intervals of a point of the i-th series; an end that is not finite is the point itself. */
export function whiskers(i: number, point: Point, { x, y, left, bottom }: Plot, axes: { x: Axis; y: Axis }): Element[] {
  const [px, py] = [x.at(point.x), y.at(point.y)];
  const end = (value: number | undefined, axis: Axis, at: (v: number) => number, own: number, least: number) =>
    value === undefined || Number.isNaN(value)
      ? own
      : placed(axis, value)
        ? at(value)
        : value < 0 || value === 0
          ? least
          : own;
  const [low, high] = [point.low, point.high].map((v) => end(v, axes.y, y.at, py, bottom)) as [number, number];
  const [from, to] = [point.xLow, point.xHigh].map((v) => end(v, axes.x, x.at, px, left)) as [number, number];
  return [
    ...(low !== high ? [whisker(i, [px, low], [px, high])] : []),
    ...(from !== to ? [whisker(i, [from, py], [to, py])] : []),
  ];
}

/** A figure and its interval in words: "96.4 (96.2 to 96.6)". */
export function valueText({ value, low, high }: Value, text: (value: number) => string): string {
  return low === undefined || high === undefined || low === high
    ? text(value)
    : `${text(value)} (${text(low)} to ${text(high)})`;
}
