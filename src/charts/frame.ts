import { chartStyle, lineOf, mark } from "./palette.ts";
import { type Axis, type Scale, scaleOf } from "./scale.ts";
import { type Element, element as el, svg } from "./svg.ts";
import { shortened, textLines, textWidth } from "./text.ts";

/** What every chart is told beside its figures. */
export interface ChartOptions {
  readonly title: string;
  /** A sentence under the title. */
  readonly subtitle?: string;
  /** The chart in words, for those who do not see it; by default a sentence that is made from its figures. */
  readonly description?: string;
  /** Lines of small print below. */
  readonly notes?: readonly string[];
  /**
   * Units of the picture's width, 360 where left out: texts of 11 to 15 of them are read at 320 pixels. A wider one has more
   * room, not larger texts.
   */
  readonly width?: number;
  /** Units of the plot's height, without titles and legend; from the width where left out. */
  readonly height?: number;
}

export const usualWidth = 360;
export const margin = 12;

/** Elements from the top down, and where the next one may begin. */
export interface Stack {
  readonly parts: readonly Element[];
  readonly y: number;
}

/** Title and subtitle, in as many lines as they take. */
export function heading({ title, subtitle, width = usualWidth }: ChartOptions): Stack {
  const room = width - 2 * margin;
  const parts: Element[] = [];
  let y = margin;
  for (const line of textLines(title, room, 16)) {
    y += 18;
    parts.push(el("text", { x: margin, y, class: "heading" }, line));
  }
  for (const line of subtitle ? textLines(subtitle, room, 12) : []) {
    y += 16;
    parts.push(el("text", { x: margin, y, class: "muted" }, line));
  }
  return { parts, y: y + 10 };
}

/** Small print, in as many lines as it takes. */
export function footnotes(lines: readonly string[], width: number, from: number): Stack {
  const parts: Element[] = [];
  let y = from;
  for (const line of lines.flatMap((note) => textLines(note, width - 2 * margin, 11))) {
    y += 15;
    parts.push(el("text", { x: margin, y, class: "small" }, line));
  }
  return { parts, y };
}

/** A name in a legend beside what stands for it. */
export interface Key {
  readonly name: string;
  /** The mark, drawn around (8, 0) in 16 units of width. */
  readonly sign: Element;
}

/** The key of the i-th series. */
export const seriesKey = (name: string, i: number, line: boolean): Key => ({
  name,
  sign: el(
    "g",
    {},
    ...(line ? [el("line", { x1: 0, x2: 16, y1: 0, y2: 0, class: `curve ${lineOf(i)}` })] : []),
    mark(i, 8, 0),
  ),
});

/** Keys one after the other, in as many lines as they take. */
export function legend(keys: readonly Key[], width: number, from: number): Stack {
  const parts: Element[] = [];
  let x = margin;
  let y = from + 12;
  for (const { name, sign } of keys) {
    const text = shortened(name, width - 2 * margin - 22, 12);
    const wide = 22 + textWidth(text, 12);
    if (x > margin && x + wide > width - margin) {
      x = margin;
      y += 18;
    }
    parts.push(
      el("g", { transform: `translate(${x.toFixed(1)} ${y})` }, sign),
      el("text", { x: x + 22, y: y + 4, class: "muted" }, text),
    );
    x += wide + 14;
  }
  return keys.length === 0 ? { parts, y: from } : { parts, y: y + 10 };
}

/** The area between two axes. */
export interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlotFrame {
  readonly plot: Plot;
  /** Grid, axes and their titles. */
  readonly parts: readonly Element[];
  /** The place below the axis and its title. */
  readonly y: number;
}

/**
 * Two axes with grid lines, ticks and titles; the vertical one's stands above it, where it is read without turning the head.
 *
 * @param xs all that is drawn along either axis
 */
export function plotFrame(
  { width = usualWidth, height = Math.min(Math.round(width * 0.58), 360) }: ChartOptions,
  { x, y }: { readonly x: Axis; readonly y: Axis },
  { xs, ys }: { readonly xs: readonly number[]; readonly ys: readonly number[] },
  from: number,
): PlotFrame {
  const top = from + 22;
  const bottom = top + height;
  const upright = scaleOf(y, ys, [bottom, top], Math.max(3, Math.floor(height / 36)));
  const left = margin + Math.max(14, ...upright.ticks.map(({ text }) => textWidth(text, 11))) + 6;
  const right = width - margin - 4;
  const level = clearOf(scaleOf(x, xs, [left, right], Math.max(3, Math.floor((right - left) / 52))));
  const parts: Element[] = [
    el("text", { x: margin, y: from + 10, class: "muted" }, shortened(y.title, right - margin, 12)),
  ];
  for (const { at, text } of upright.ticks)
    parts.push(
      el("line", { x1: left, x2: right, y1: at, y2: at, class: "rule" }),
      el("text", { x: left - 6, y: at + 4, class: "small end" }, text),
    );
  for (const { at, text, shown } of level.ticks) {
    parts.push(el("line", { x1: at, x2: at, y1: bottom, y2: bottom + 4, class: "axis" }));
    if (shown) parts.push(el("text", { x: inside(at, text, width), y: bottom + 17, class: "small centre" }, text));
  }
  parts.push(
    el("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" }),
    el(
      "text",
      { x: (left + right) / 2, y: bottom + 34, class: "muted centre" },
      shortened(x.title, right - left + 20, 12),
    ),
  );
  return { plot: { x: level.scale, y: upright, left, right, top, bottom }, parts, y: bottom + 42 };
}

/** The middle of a text at a place, so that the text stays within the picture. */
function inside(at: number, text: string, width: number): number {
  const half = textWidth(text, 11) / 2;
  return Math.min(Math.max(at, half + 2), width - half - 2);
}

/** Ticks of a level axis; those whose text would touch the last one's have none. */
function clearOf(scale: Scale) {
  let end = Number.NEGATIVE_INFINITY;
  const ticks = scale.ticks.map((tick) => {
    const half = textWidth(tick.text, 11) / 2;
    const shown = tick.at - half > end + 4;
    if (shown) end = tick.at + half;
    return { ...tick, shown };
  });
  return { scale, ticks };
}

/** A chart from its parts: heading, what is between, legend, notes. */
export function chart(
  options: ChartOptions,
  description: string,
  head: Stack,
  body: Stack,
  keys: readonly Key[],
  notes: readonly string[] = [],
): string {
  const { width = usualWidth, title } = options;
  const key = legend(keys, width, body.y);
  const foot = footnotes([...(options.notes ?? []), ...notes], width, key.y);
  return svg(
    {
      width,
      height: Math.ceil(foot.y + margin),
      title,
      description: options.description ?? description,
      style: chartStyle,
    },
    [...head.parts, ...body.parts, ...key.parts, ...foot.parts],
  );
}

/** What is said of values that have no place: not finite, or not above nought on a logarithmic axis. */
export const leftOut = (count: number): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? "value has" : "values have"} no place on these axes.`];
