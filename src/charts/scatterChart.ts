import {
  type ChartOptions,
  chart,
  heading,
  type Key,
  leftOut,
  type Plot,
  plotFrame,
  seriesKey,
  usualWidth,
} from "./frame.ts";
import { type Preference, paretoFront } from "./front.ts";
import { mark, through } from "./palette.ts";
import { extents, type Point, placedPoints, type Series, valueText, whiskers } from "./points.ts";
import type { Axis } from "./scale.ts";
import { type Element, element as el } from "./svg.ts";
import { textWidth } from "./text.ts";

export interface ScatterChart extends ChartOptions {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Which ends are better: the points that nothing beats on both axes are filled, named, and joined in steps; none where left out. */
  readonly front?: Preference;
}

/**
 * Points with intervals along both axes and their Pareto front, an SVG as text. The front goes by the points themselves, not by
 * their intervals.
 *
 * @example Accuracy against bytes:
 * scatterChart({
 *   title: "What a byte buys", front: { x: "lower", y: "higher" },
 *   x: { title: "bytes", log: true }, y: { title: "accuracy, %", format: percent },
 *   series: [{ name: "dm", points: [{ x: 31_400, y: 0.89, low: 0.88, high: 0.9, label: "1 a class" }] }],
 * })
 */
export function scatterChart(options: ScatterChart): string {
  const { width = usualWidth, series, front: better } = options;
  const axes = { x: options.x, y: options.y };
  const drawn = series.map(({ name, points }) => ({ name, ...placedPoints(points, axes) }));
  const all = drawn.flatMap(({ name, own }, i) => own.map((point) => ({ i, name, point })));
  const front = better
    ? paretoFront(
        all.map(({ point }) => point),
        better,
      )
    : all.map((_, k) => k);
  const ahead = new Set(front);
  const head = heading(options);
  const frame = plotFrame(options, axes, extents(all.map(({ point }) => point)), head.y);
  const { plot } = frame;
  const at = ({ x, y }: Point) => [plot.x.at(x), plot.y.at(y)] as const;
  const parts: Element[] = [...frame.parts];
  if (better && front.length > 0) {
    const corners = stepped(front.map((k) => at(all[k]!.point)));
    parts.push(el("path", { d: through(corners), class: "front" }));
  }
  for (const { i, point } of all) parts.push(...whiskers(i, point, plot, axes));
  for (const [k, { i, name, point }] of all.entries()) {
    const { x, y, low, high, xLow, xHigh, label } = point;
    const said = `${label === undefined ? name : `${name}, ${label}`}: ${valueText({ value: y, low, high }, plot.y.text)} at ${valueText({ value: x, low: xLow, high: xHigh }, plot.x.text)}`;
    parts.push(el("g", {}, el("title", {}, said), mark(i, ...at(point), !ahead.has(k))));
  }
  parts.push(
    ...names(
      front.map((k) => ({ text: all[k]!.point.label ?? all[k]!.name, at: at(all[k]!.point) })),
      all.map(({ point }) => at(point)),
      plot,
      width,
    ),
  );
  const told = front.map((k) => {
    const { name, point } = all[k]!;
    return `${point.label === undefined ? name : `${name}, ${point.label}`} (${plot.x.text(point.x)}, ${plot.y.text(point.y)})`;
  });
  const lost = drawn.reduce((sum, d) => sum + d.lost, 0);
  const keys: Key[] = drawn.map(({ name }, i) => seriesKey(name, i, false));
  return chart(
    options,
    `${axes.y.title} against ${axes.x.title}, ${all.length} points. ${better ? "On the front" : "They are"}: ${told.join("; ") || "none"}.`,
    head,
    { parts, y: frame.y },
    keys,
    leftOut(lost),
  );
}

/** The corners of the steps between points of a front: along x first, so that a step shows what is had for so much. */
function stepped(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return points.flatMap(([x, y], i) =>
    i === 0 ? [[x, y] as const] : [[x, points[i - 1]![1]] as const, [x, y] as const],
  );
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Names beside points where there is room: right of them, left, above or below; else none, since tooltip and legend have them. */
function names(
  wanted: readonly { readonly text: string; readonly at: readonly [number, number] }[],
  marks: readonly (readonly [number, number])[],
  plot: Plot,
  width: number,
): Element[] {
  const taken: Box[] = marks.map(([x, y]) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return wanted.flatMap(({ text, at: [x, y] }) => {
    const wide = textWidth(text, 11);
    const places = [
      { left: x + 8, top: y - 6 },
      { left: x - 8 - wide, top: y - 6 },
      { left: x - wide / 2, top: y - 20 },
      { left: x - wide / 2, top: y + 8 },
    ].map(({ left, top }) => ({ left, right: left + wide, top, bottom: top + 12 }));
    const free = places.find(
      (box) =>
        box.left >= plot.left &&
        box.right <= width - 2 &&
        box.top >= plot.top - 4 &&
        box.bottom <= plot.bottom &&
        !taken.some((other) => meet(box, other)),
    );
    if (!free) return [];
    taken.push(free);
    return [el("text", { x: free.left, y: free.bottom - 2, class: "small halo" }, text)];
  });
}
