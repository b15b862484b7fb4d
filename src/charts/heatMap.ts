import { type ChartOptions, chart, heading, margin, usualWidth } from "./frame.ts";
import { fillOf } from "./palette.ts";
import { short } from "./scale.ts";
import { type Element, element as el } from "./svg.ts";
import { shortened, textWidth } from "./text.ts";

export interface HeatMap extends ChartOptions {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** values[row][column]; undefined, or a number that is not finite, where there is none. */
  readonly values: readonly (readonly (number | undefined)[])[];
  /** Text of a value, in its cell where there is room and in its tooltip. */
  readonly format?: (value: number) => string;
  /** The value between two colours, e.g. 0 of differences or 0.5 of shares; one colour from the least to the greatest where left out. */
  readonly centre?: number;
}

const tall = 26;
const leastCell = 22;
const mostCell = 72;

/**
 * A matrix in shades, an SVG as text: the stronger the greater, or the farther from `centre` in one of two colours. It grows
 * beyond its width where it has more columns than that holds.
 */
export function heatMap(options: HeatMap): string {
  const { rows, columns, values, format = short, centre } = options;
  const asked = options.width ?? usualWidth;
  const valueAt = (row: number, column: number) => {
    const value = values[row]?.[column];
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  };
  const known = rows.flatMap((_, r) => columns.flatMap((_, c) => valueAt(r, c) ?? []));
  const shade = shadeOf(known, centre);
  const named = Math.min(asked * 0.34, Math.max(...rows.map((name) => textWidth(name, 12)), 20));
  const left = margin + named + 8;
  const cell = Math.min(mostCell, Math.max(leastCell, (asked - left - margin) / Math.max(1, columns.length)));
  const width = Math.max(asked, left + cell * columns.length + margin);
  const placedOptions = { ...options, width };
  const head = heading(placedOptions);
  const level = columns.every((name) => textWidth(name, 11) <= cell - 4);
  const longest = Math.min(110, Math.max(0, ...columns.map((name) => textWidth(name, 11))));
  const top = head.y + (level ? 18 : 10 + longest);
  const parts: Element[] = [];
  for (const [c, name] of columns.entries()) {
    const x = left + (c + 0.5) * cell;
    const text = shortened(name, level ? cell : longest, 11);
    const across = { x, y: top - 6, class: "small centre" };
    const upright = { x: x + 4, y: top - 6, class: "small", transform: `rotate(-90 ${(x + 4).toFixed(1)} ${top - 6})` };
    parts.push(el("text", level ? across : upright, el("title", {}, name), text));
  }
  const roomy = known.every((value) => textWidth(format(value), 11) <= cell - 4);
  for (const [r, name] of rows.entries()) {
    const y = top + r * tall;
    const text = shortened(name, named, 12);
    parts.push(el("text", { x: left - 8, y: y + 17, class: "muted end" }, el("title", {}, name), text));
    for (const [c, column] of columns.entries()) {
      const value = valueAt(r, c);
      const box = { x: left + c * cell + 1, y: y + 1, width: cell - 2, height: tall - 2, rx: 3 };
      const title = el("title", {}, `${name}, ${column}: ${value === undefined ? "none" : format(value)}`);
      if (value === undefined) {
        parts.push(el("rect", { ...box, class: "none" }, title));
        continue;
      }
      const { side, strength } = shade(value);
      parts.push(el("rect", { ...box, class: fillOf(side), opacity: 0.06 + 0.94 * strength }, title));
      const look = strength > 0.55 ? "small centre strong" : "small centre";
      if (roomy) parts.push(el("text", { x: left + (c + 0.5) * cell, y: y + 17, class: look }, format(value)));
    }
  }
  const words = rows.map(
    (name, r) =>
      `${name}: ${columns.flatMap((column, c) => (valueAt(r, c) === undefined ? [] : [`${column} ${format(valueAt(r, c)!)}`])).join(", ") || "nothing"}`,
  );
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const range = known.length === 0 ? [] : [`The palest is ${format(least)}, the strongest ${format(greatest)}.`];
  const sides = centre === undefined ? range : [`Blue is above ${format(centre)}, orange below.`];
  return chart(placedOptions, `${words.join("; ")}.`, head, { parts, y: top + rows.length * tall }, [], sides);
}

/** The colour of a value and how strong it is, from 0 to 1: of one colour from least to greatest, of two from the centre. */
function shadeOf(known: readonly number[], centre: number | undefined) {
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const wide =
    centre === undefined ? greatest - least : Math.max(Math.abs(greatest - centre), Math.abs(least - centre));
  return (value: number) =>
    centre === undefined
      ? { side: 1, strength: wide > 0 ? (value - least) / wide : 0.5 }
      : { side: value < centre ? 0 : 1, strength: wide > 0 ? Math.abs(value - centre) / wide : 0 };
}
