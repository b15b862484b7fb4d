import { type Element, element as el, svg } from "../../charts/index.ts";
import { knownError } from "../../discrepancies/measures/index.ts";
import { measurables } from "../../discrepancies/registry.ts";
import type { Sides } from "../measure.ts";
import type { Measurement, Value } from "../measurement.ts";
import { pictureStyle } from "./style.ts";
import { type Strip, strip } from "./thumbnails.ts";
import { verdict } from "./verdict.ts";

const margin = 32;
const rowHeight = 36;
/** The place where the names end and the lanes begin, and the lanes' length, in units of the picture. */
const lane = { from: 300, length: 420 };
const figures = { at: lane.from + lane.length + 92, verdict: lane.from + lane.length + 150 };
const cell = 15;
/** Classes whose cells a row still has room for. */
const mostClasses = 20;
const images = 4;

/**
 * A measurement as an SVG for a person: a row a discrepancy on a scale of its own that starts at 0, the distance with its
 * error on it, beside another sample of A (the band) and that sample under noise (the ticks). Light and dark, nothing
 * fetched from elsewhere.
 */
export function picture(found: Measurement, sides: Sides): string {
  const entries = Object.entries(found.values);
  const classNames = found.perClass ? sides.a.classes.slice(0, mostClasses) : [];
  const width = figures.verdict + 140 + margin + classNames.length * cell;
  const parts: Element[] = [
    el("text", { x: margin, y: 46, class: "title" }, `How far is ${found.b} from ${found.a}?`),
    el("text", { x: margin, y: 68, class: "muted" }, subtitle(found)),
  ];
  let y = 92;
  const key = legend(found, sides, width - 2 * margin);
  parts.push(el("g", { transform: `translate(${margin} ${y})` }, ...key.parts));
  y += key.height;
  for (const { title, rows } of groups(entries)) {
    parts.push(el("text", { x: margin, y: y + 18, class: "group" }, title));
    if (rows.some(([, { classes }]) => classes)) parts.push(...classHeading(classNames, y + 18));
    parts.push(el("line", { x1: margin, x2: width - margin, y1: y + 26, y2: y + 26, class: "rule" }));
    y += 48;
    for (const [name, value] of rows) {
      parts.push(el("g", { transform: `translate(0 ${y})` }, ...row(name, value, found, classNames)));
      y += rowHeight;
    }
    y += 2;
  }
  for (const line of footer(found)) {
    parts.push(el("text", { x: margin, y: y + 10, class: "small" }, line));
    y += 18;
  }
  const title = `Distances between ${found.a} and ${found.b}`;
  return svg({ width, height: y + 16, title, style: pictureStyle }, parts);
}

type Entry = [string, Measurement["values"][string]];

const recordOf = (name: string) => measurables.find((d) => d.name === name);

function groups(entries: readonly Entry[]): { title: string; rows: readonly Entry[] }[] {
  const aware = (entry: Entry) => recordOf(entry[0])?.labelAware ?? false;
  return [
    { title: "Samples alone", rows: entries.filter((e) => !aware(e)) },
    { title: "Samples and their labels", rows: entries.filter(aware) },
  ].filter(({ rows }) => rows.length > 0);
}

function subtitle({ pushForward, references }: Measurement): string {
  const where = pushForward ? `Through ${pushForward.description}. ` : "";
  const scale = "Every row has its own scale from 0: far left is near";
  return `${where}${scale}${references.length > 0 ? ", beside what chance and noise do to A" : ""}.`;
}

/** The marks explained by what they stand for: images of A, of another sample, of noise, of B. */
function legend(found: Measurement, sides: Sides, width: number): { parts: Element[]; height: number } {
  const { normalisation } = sides;
  const b = { mark: dot(0, false), text: found.b, strip: strip(sides.b, normalisation, { count: images }) };
  const a = { mark: undefined, text: found.a, strip: strip(sides.a, normalisation, { count: images }) };
  const beside = found.references.map(({ noise }) => ({
    mark: noise === 0 ? band(12) : tick(0, noise),
    text: noise === 0 ? "another sample" : `noise ${noise}`,
    strip: strip(sides.a, normalisation, { count: images, nth: 1, noise }),
  }));
  const entries = [a, ...beside, b];
  const each = width / entries.length;
  const wide = Math.min(each - 18, 150);
  const tall = (s: Strip) => (wide * s.height) / s.width;
  const height = Math.max(0, ...entries.map((e) => (e.strip ? tall(e.strip) : 0)));
  const parts = entries.map(({ mark, text, strip }, i) =>
    el(
      "g",
      { transform: `translate(${i * each} 0)` },
      ...(strip ? [el("image", { href: strip.uri, width: wide, height: tall(strip), class: "pixels" })] : []),
      ...(mark ? [el("g", { transform: `translate(8 ${height + 17})` }, mark)] : []),
      el("text", { x: mark ? 22 : 0, y: height + 21, class: "small" }, shortened(text, mark ? wide - 16 : wide)),
    ),
  );
  return { parts, height: height + 44 };
}

/** The mark by which a bound is told from a value. */
const sign = ({ bound }: Pick<Value, "bound">) => (bound === undefined ? "" : bound === "lower" ? "≥ " : "≤ ");

/** One discrepancy, around the middle of its line. */
function row(name: string, value: Entry[1], found: Measurement, classNames: readonly string[]): Element[] {
  const { references } = found;
  const beside = references.flatMap(({ noise, values }) => (values[name] ? [{ noise, ...values[name] }] : []));
  const error = knownError(value.stderr);
  const top = Math.max(value.value + error, ...beside.map((r) => r.value), Number.MIN_VALUE);
  const at = (v: number) => lane.from + (lane.length * Math.min(Math.max(v, 0), top)) / top;
  const floor = beside.find(({ noise }) => noise === 0);
  const noisy = beside.filter(({ noise }) => noise > 0);
  const from = at(value.value - error);
  const to = at(value.value + error);
  const title = recordOf(name)?.title ?? name;
  const told = verdict(value, name, references);
  const near = told === "like another sample";
  return [
    el("title", {}, `${title}: ${sign(value)}${value.value}${error > 0 ? ` ± ${error}` : ""}; ${value.estimator}`),
    el("text", { x: margin, y: -2, class: "name" }, name),
    ...(title === name
      ? []
      : [el("text", { x: margin, y: 12, class: "small" }, shortened(title, lane.from - margin - 8))]),
    ...(floor
      ? [
          el("rect", {
            x: lane.from,
            y: -9,
            width: at(floor.value + knownError(floor.stderr)) - lane.from,
            height: 18,
            rx: 3,
            class: "band",
          }),
        ]
      : []),
    el("line", { x1: lane.from, x2: lane.from + lane.length, y1: 0, y2: 0, class: "lane" }),
    el("line", { x1: lane.from, x2: lane.from, y1: -5, y2: 5, class: "lane" }),
    ...noisy.map((r) => tick(at(r.value), r.noise)),
    ...(error > 0 ? [el("line", { x1: from, x2: to, y1: 0, y2: 0, class: near ? "error near-error" : "error" })] : []),
    dot(at(value.value), near),
    el("text", { x: figures.at, y: 4, class: "figure" }, sign(value) + short(value.value)),
    ...(told ? [el("text", { x: figures.verdict - 34, y: 4, class: "muted" }, told)] : []),
    ...cells(value.classes, classNames),
  ];
}

/** The class-wise distances as cells, dark where a class is farther apart than the others. */
function cells(classes: Readonly<Record<string, Value>> | undefined, names: readonly string[]): Element[] {
  if (!classes) return [];
  const largest = Math.max(...Object.values(classes).map(({ value }) => value), Number.MIN_VALUE);
  return names.map((name, i) => {
    const value = classes[name]?.value ?? 0;
    const shade = { x: classesAt + i * cell, y: -7, width: cell - 1, height: 14, rx: 2, class: "cell" };
    const opacity = (0.08 + (0.92 * Math.max(0, value)) / largest).toFixed(3);
    return el("rect", { ...shade, opacity }, el("title", {}, `class ${name}: ${value}`));
  });
}

const classesAt = figures.verdict + 112;

const classHeading = (names: readonly string[], y: number) =>
  names.map((name, i) =>
    el("text", { x: classesAt + i * cell + cell / 2, y, class: "small centre" }, name.length > 2 ? String(i) : name),
  );

const dot = (x: number, near: boolean) => el("circle", { cx: x, cy: 0, r: 5.5, class: near ? "dot near" : "dot" });

/** A noise level: the more noise the taller. */
const tick = (x: number, noise: number) => {
  const half = 3 + 5 * Math.min(1, noise);
  return el("line", { x1: x, x2: x, y1: -half, y2: half, class: "noise" });
};

const band = (width: number) => el("rect", { x: -6, y: -7, width, height: 14, rx: 3, class: "band" });

function footer({ references, bounds, skipped, failed, interrupted }: Measurement): string[] {
  const broken = bounds.filter(({ holds }) => !holds);
  const lines: string[] = [];
  if (references.length > 0)
    lines.push(
      "Noise is normal, of that many standard deviations of a pixel. The line through a dot is one standard error of the estimate.",
    );
  const constructed = bounds.filter(({ basis }) => basis === "construction").length;
  if (bounds.length > 0)
    lines.push(
      broken.length === 0
        ? `All ${bounds.length} inequalities of the hierarchy that were computed hold${constructed > 0 ? `, ${constructed} of them by construction` : ""}.`
        : `${broken.length} of ${bounds.length} inequalities do not hold: ${broken.map((b) => b.inequality).join("; ")}.`,
    );
  const absent = [...Object.keys(skipped), ...Object.keys(failed)];
  if (absent.length > 0) lines.push(`Not here: ${absent.join(", ")}.`);
  if (interrupted) lines.push("Stopped before the rest was computed.");
  return lines;
}

function short(value: number): string {
  const text = value.toPrecision(3);
  return text.includes("e") ? Number(text).toExponential(2) : text;
}

/** A text that fits into so many pixels of the small font, its end cut off. */
function shortened(text: string, pixels: number): string {
  const most = Math.max(4, Math.floor(pixels / 6.2));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
