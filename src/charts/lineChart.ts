import { type ChartOptions, chart, heading, leftOut, plotFrame, seriesKey } from "./frame.ts";
import { lineOf, mark, through } from "./palette.ts";
import { extents, placedPoints, type Series, type Value, valueText, whiskers } from "./points.ts";
import { type Axis, placed } from "./scale.ts";
import { type Element, element as el } from "./svg.ts";

/** A level that is reached elsewhere, as a dashed line across. */
export interface Reference extends Value {
  readonly name: string;
}

export interface LineChart extends ChartOptions {
  readonly x: Axis;
  readonly y: Axis;
  /** Points of a series are joined in the order of x. */
  readonly series: readonly Series[];
  readonly references?: readonly Reference[];
}

/**
 * Lines with points and intervals, an SVG as text.
 *
 * @example Accuracy against images a class:
 * lineChart({
 *   title: "digits", x: { title: "images a class", log: true, ticks: [1, 10] }, y: { title: "accuracy, %", format: percent },
 *   series: [{ name: "dm", points: [{ x: 1, y: 0.7, low: 0.68, high: 0.72 }, { x: 10, y: 0.92, low: 0.91, high: 0.93 }] }],
 *   references: [{ name: "all training data", value: 0.98 }],
 * })
 */
export function lineChart(options: LineChart): string {
  const { references = [], series } = options;
  const axes = { x: options.x, y: options.y };
  const drawn = series.map(({ name, points }) => {
    const { own, lost } = placedPoints(points, axes);
    return { name, lost, points: [...own].sort((a, b) => a.x - b.x) };
  });
  const levels = references.filter(({ value }) => placed(axes.y, value));
  const { xs, ys } = extents(drawn.flatMap(({ points }) => points));
  const head = heading(options);
  const frame = plotFrame(options, axes, { xs, ys: [...ys, ...levels.map(({ value }) => value)] }, head.y);
  const { plot } = frame;
  const parts: Element[] = [...frame.parts];
  for (const [k, { name, value, low, high }] of levels.entries()) {
    const y = plot.y.at(value);
    const said = el("title", {}, `${name}: ${valueText({ value, low, high }, plot.y.text)}`);
    parts.push(el("line", { x1: plot.left, x2: plot.right, y1: y, y2: y, ...dashed(k) }, said));
  }
  for (const [i, { points }] of drawn.entries()) {
    const way = points.map(({ x, y }) => [plot.x.at(x), plot.y.at(y)] as const);
    if (way.length > 1) parts.push(el("path", { d: through(way), class: `curve ${lineOf(i)}` }));
    for (const point of points) parts.push(...whiskers(i, point, plot, axes));
  }
  for (const [i, { name, points }] of drawn.entries())
    for (const point of points) {
      const { x, y, low, high, label = name } = point;
      const said = `${label}, ${plot.x.text(x)}: ${valueText({ value: y, low, high }, plot.y.text)}`;
      parts.push(el("g", {}, el("title", {}, said), mark(i, plot.x.at(x), plot.y.at(y))));
    }
  const words = drawn.map(
    ({ name, points }) =>
      `${name}: ${points.map(({ x, y }) => `${plot.y.text(y)} at ${plot.x.text(x)}`).join(", ") || "nothing"}`,
  );
  const beside = levels.map(({ name, value }) => `${name}: ${plot.y.text(value)}`);
  const lost = drawn.reduce((sum, d) => sum + d.lost, references.length - levels.length);
  return chart(
    options,
    `${axes.y.title} by ${axes.x.title}. ${[...words, ...beside].join("; ")}.`,
    head,
    { parts, y: frame.y },
    [
      ...drawn.map(({ name }, i) => seriesKey(name, i, true)),
      ...levels.map(({ name }, k) => ({ name, sign: el("line", { x1: 0, x2: 18, y1: 0, y2: 0, ...dashed(k) }) })),
    ],
    leftOut(lost),
  );
}

/** The look of the k-th reference: a rhythm of dashes of its own. */
const dashed = (k: number) => ({ class: "reference", "stroke-dasharray": ["5 4", "2 3", "9 3 2 3"][k % 3]! });
