import { type Element, element as el, type Style } from "./svg.ts";

/** Colours of series, [light, dark], which most colour-blind readers tell apart in this order; shapes tell them apart, too. */
const colours: readonly (readonly [light: string, dark: string])[] = [
  ["#d9480f", "#ff8a4c"],
  ["#2f5fd0", "#7aa2ff"],
  ["#1a7f4b", "#4cc38a"],
  ["#8250df", "#b78cff"],
  ["#9a6700", "#e3b341"],
  ["#0b7285", "#3bc9db"],
  ["#bf3989", "#f778ba"],
  ["#57606a", "#9aa6b2"],
];

const declared = (dark: 0 | 1) =>
  Object.fromEntries(
    colours.flatMap((pair, i) => [
      [`.fill${i}`, `fill: ${pair[dark]}`],
      [`.line${i}`, `stroke: ${pair[dark]}`],
    ]),
  );

/** Rules of all charts. */
export const chartStyle: Style = {
  light: {
    ".heading": "font-size: 15px; font-weight: 600",
    ".halo": "stroke: #ffffff; stroke-width: 4px; paint-order: stroke; stroke-linejoin: round",
    ".axis": "stroke: #8b949e",
    ".curve": "fill: none; stroke-width: 2; stroke-linejoin: round",
    ".mark": "stroke-width: 2",
    ".hollow": "fill: #ffffff",
    ".whisker": "stroke-width: 1.5; opacity: .75",
    ".reference": "stroke: #57606a; stroke-width: 1.5",
    ".front": "fill: none; stroke: #8b949e; stroke-width: 1.5",
    ".none": "fill: none; stroke: #d8dee4",
    ".strong": "fill: #ffffff",
    ...declared(0),
  },
  dark: {
    ".halo": "stroke: #0f141a",
    ".axis": "stroke: #6e7781",
    ".hollow": "fill: #0f141a",
    ".reference": "stroke: #9aa6b2",
    ".front": "stroke: #6e7781",
    ".none": "stroke: #2a323b",
    ".strong": "fill: #0f141a",
    ...declared(1),
  },
};

/** The class that fills, or draws lines, in the colour of the i-th series. */
export const fillOf = (i: number): string => `fill${i % colours.length}`;
export const lineOf = (i: number): string => `line${i % colours.length}`;

const half = 4;

/** The mark of the i-th series around a point, of its own shape; hollow where it stands back. */
export function mark(i: number, x: number, y: number, hollow = false): Element {
  const look = `mark ${lineOf(i)} ${hollow ? "hollow" : fillOf(i)}`;
  switch (i % 4) {
    case 0:
      return el("circle", { cx: x, cy: y, r: half, class: look });
    case 1:
      return el("rect", {
        x: x - half + 0.5,
        y: y - half + 0.5,
        width: 2 * half - 1,
        height: 2 * half - 1,
        class: look,
      });
    case 2:
      return el("path", { d: path([x, y - half], [x + half, y + half - 1], [x - half, y + half - 1]), class: look });
    default:
      return el("path", { d: path([x, y - half], [x + half, y], [x, y + half], [x - half, y]), class: look });
  }
}

const place = (value: number) => String(Math.round(value * 100) / 100);
const path = (...points: readonly (readonly [number, number])[]) =>
  `${points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${place(x)} ${place(y)}`).join("")}Z`;

/** A line through points, as the attribute of a path. */
export const through = (points: readonly (readonly [number, number])[]): string => path(...points).slice(0, -1);

/** An interval along one direction with short ends, in the colour of the i-th series. */
export function whisker(i: number, from: readonly [number, number], to: readonly [number, number]): Element {
  const upright = from[0] === to[0];
  const [dx, dy] = upright ? [3, 0] : [0, 3];
  const end = ([x, y]: readonly [number, number]) =>
    through([
      [x - dx, y - dy],
      [x + dx, y + dy],
    ]);
  return el("path", { d: `${through([from, to])}${end(from)}${end(to)}`, class: `whisker curve ${lineOf(i)}` });
}
