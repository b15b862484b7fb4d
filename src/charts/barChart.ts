import { type ChartOptions, chart, heading, leftOut, margin, seriesKey, usualWidth } from "./frame.ts";
import { fillOf, whisker } from "./palette.ts";
import { type Value, valueText } from "./points.ts";
import { type Axis, placed, scaleOf } from "./scale.ts";
import { type Element, element as el } from "./svg.ts";
import { shortened, textWidth } from "./text.ts";

export interface BarSeries {
  readonly name: string;
  /** A value for each label; undefined where there is none. */
  readonly values: readonly (Value | undefined)[];
}

export interface BarChart extends ChartOptions {
  /** The axis of values. Bars begin at nought, so it is never logarithmic. */
  readonly axis: Omit<Axis, "log">;
  /** Names of the groups of bars, from the top down. */
  readonly labels: readonly string[];
  /** One series, or several side by side in each group. */
  readonly series: readonly BarSeries[];
}

const thick = 14;

/**
 * Level bars with intervals, an SVG as text: names stand beside their bars and the figures at the right edge.
 *
 * @example
 * barChart({
 *   title: "Ten images a class", axis: { title: "accuracy, %", format: percent }, labels: ["dm", "random"],
 *   series: [{ name: "digits", values: [{ value: 0.92, low: 0.91, high: 0.93 }, { value: 0.87 }] }],
 * })
 */
export function barChart(options: BarChart): string {
  const { width = usualWidth, axis, labels, series } = options;
  const cells = labels.flatMap((label, row) =>
    series.map(({ name, values }, i) => ({ label, row, name, i, value: values[row] })),
  );
  const known = cells.flatMap((cell) =>
    cell.value && placed(axis, cell.value.value) ? [{ ...cell, value: cell.value }] : [],
  );
  const spread = known.flatMap(({ value: { value, low = value, high = value } }) => [value, low, high]);
  const head = heading(options);
  const named = Math.min(width * 0.36, Math.max(...labels.map((label) => textWidth(label, 12)), 20));
  const rough = scaleOf(axis, [0, ...spread], [0, 1], 4);
  const figures = Math.max(...known.map(({ value }) => textWidth(rough.text(value.value), 12)), 20);
  const left = margin + named + 8;
  const right = width - margin - figures - 10;
  const scale = scaleOf(axis, [0, ...spread], [left, right], Math.max(3, Math.floor((right - left) / 52)));
  const top = head.y + 22;
  const group = series.length * (thick + 2) + (series.length > 1 ? 10 : 6);
  const bottom = top + labels.length * group + 2;
  const parts: Element[] = [
    el("text", { x: margin, y: head.y + 10, class: "muted" }, shortened(axis.title, width - 2 * margin, 12)),
  ];
  let end = Number.NEGATIVE_INFINITY;
  for (const { at, text } of scale.ticks) {
    const half = textWidth(text, 11) / 2;
    parts.push(el("line", { x1: at, x2: at, y1: top, y2: bottom, class: "rule" }));
    if (at - half <= end + 4) continue;
    end = at + half;
    parts.push(el("text", { x: at, y: bottom + 14, class: "small centre" }, text));
  }
  for (const [row, label] of labels.entries()) {
    const middle = top + row * group + (series.length * (thick + 2)) / 2;
    const short = shortened(label, named, 12);
    const text = el("text", { x: left - 8, y: middle + 5, class: "muted end" }, el("title", {}, label), short);
    parts.push(text);
  }
  const zero = scale.at(0);
  parts.push(el("line", { x1: zero, x2: zero, y1: top, y2: bottom, class: "axis" }));
  for (const { label, row, name, i, value } of cells) {
    const y = top + row * group + i * (thick + 2) + 2;
    if (!value || !placed(axis, value.value)) {
      parts.push(el("text", { x: width - margin, y: y + 11, class: "small figure" }, "–"));
      continue;
    }
    const at = scale.at(value.value);
    const said = `${label}${series.length > 1 ? `, ${name}` : ""}: ${valueText(value, scale.text)}`;
    const bar = { x: Math.min(zero, at), y, width: Math.abs(at - zero), height: thick, rx: 2, opacity: 0.8 };
    parts.push(el("rect", { ...bar, class: fillOf(i) }, el("title", {}, said)));
    const { low = value.value, high = value.value } = value;
    if (low !== high && Number.isFinite(low) && Number.isFinite(high))
      parts.push(whisker(7, [scale.at(low), y + thick / 2], [scale.at(high), y + thick / 2]));
    parts.push(el("text", { x: width - margin, y: y + 11, class: "muted figure" }, scale.text(value.value)));
  }
  const lost = cells.filter(({ value }) => value && !placed(axis, value.value)).length;
  const words = known.map(
    ({ label, name, value }) => `${label}${series.length > 1 ? `, ${name}` : ""}: ${valueText(value, scale.text)}`,
  );
  return chart(
    options,
    `${axis.title}. ${words.join("; ") || "nothing"}.`,
    head,
    { parts, y: bottom + 22 },
    series.length > 1 ? series.map(({ name }, i) => barKey(name, i)) : [],
    leftOut(lost),
  );
}

const barKey = (name: string, i: number) => ({
  ...seriesKey(name, i, false),
  sign: el("rect", { x: 2, y: -6, width: 12, height: 12, rx: 2, opacity: 0.8, class: fillOf(i) }),
});
