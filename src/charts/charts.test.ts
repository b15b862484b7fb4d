import { describe, expect, test } from "vitest";
import { barChart, heatMap, lineChart, paretoFront, percent, scaleOf, scatterChart, textWidth } from "./index.ts";

const accuracy = { title: "accuracy, %", format: percent };
const sizes = { title: "images a class", log: true, ticks: [1, 10, 50] };

const lines = lineChart({
  title: "What <sizes> are worth",
  x: sizes,
  y: accuracy,
  series: [
    {
      name: "dm & co",
      points: [
        { x: 10, y: 0.9, low: 0.8, high: 1 },
        { x: 1, y: 0.7 },
        { x: 50, y: Number.NaN },
      ],
    },
    { name: "random", points: [{ x: 1, y: 0.4, low: 0.4, high: 0.5 }] },
  ],
  references: [{ name: "all training data", value: 0.98 }],
});
const scatter = scatterChart({
  title: "What a byte buys",
  x: { title: "bytes", log: true },
  y: accuracy,
  front: { x: "lower", y: "higher" },
  series: [
    {
      name: "dm",
      points: [
        { x: 100, y: 0.5, label: "dm 1" },
        { x: 1000, y: 0.9, xLow: 500, xHigh: 2000, label: "dm 10" },
      ],
    },
    { name: "random", points: [{ x: 100, y: 0.3, label: "random 1" }] },
  ],
});
const bars = barChart({
  title: "Ten a class",
  axis: accuracy,
  labels: ["dm", "a method with a name that no column holds"],
  series: [{ name: "digits", values: [{ value: 0.9, low: 0.85, high: 0.95 }, undefined] }],
});
const heat = heatMap({
  title: "Networks",
  rows: ["mlp", "convnet"],
  columns: ["mlp", "a network with a long name"],
  values: [
    [0.5, undefined],
    [1, 0.75],
  ],
});
const charts = { lines, scatter, bars, heat };

/** The elements of an SVG by their opening tags, each closed where it should be; throws where it is not well-formed. */
function tagsOf(svg: string): string[] {
  const open: string[] = [];
  const tags: string[] = [];
  for (const [tag, closing, name, , empty] of svg.matchAll(/<(\/?)([a-z]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g)) {
    tags.push(tag);
    if (closing) {
      if (open.pop() !== name) throw new Error(`${tag} closes nothing`);
    } else if (!empty) open.push(name!);
  }
  if (open.length > 0 || svg.replace(/<\/?[a-z]+(?:\s+[\w-]+="[^"<]*")*\s*\/?>/g, "").includes("<"))
    throw new Error(`left open: ${open}`);
  return tags;
}

const attribute = (tag: string, name: string) => Number(new RegExp(` ${name}="(-?[\\d.]+)"`).exec(tag)?.[1]);

describe.each(Object.entries(charts))("a chart of %s", (_, svg) => {
  test("is well-formed, says what it is, and has its own colours in the dark", () => {
    const tags = tagsOf(svg);
    expect(tags[0]).toContain('role="img"');
    const [, ...ids] = /aria-labelledby="(\w+) (\w+)"/.exec(svg)!;
    expect(svg).toContain(`<title id="${ids[0]}">`);
    expect(svg).toContain(`<desc id="${ids[1]}">`);
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    expect(svg).not.toMatch(/NaN|undefined|Infinity|https?:\/\/(?!www\.w3\.org)/);
  });

  test("keeps its rules to itself, in a page that has it inside", () => {
    const style = /<style>(.*?)<\/style>/s.exec(svg)![1]!;
    const selectors = [...style.matchAll(/^([^@}\n][^{\n]*) \{/gm)].map(([, selector]) => selector!);
    expect(selectors.length).toBeGreaterThan(20);
    expect(selectors.filter((selector) => !selector.startsWith(".attar-svg "))).toEqual([]);
  });

  test("has texts within its width that are read at 320 pixels", () => {
    const width = attribute(tagsOf(svg)[0]!, "width");
    expect((11 * 320) / width).toBeGreaterThan(9.5);
    const texts = [...svg.matchAll(/<text ([^>]*)>(?:<title>[^<]*<\/title>)?([^<]*)<\/text>/g)];
    expect(texts.length).toBeGreaterThan(4);
    const beyond = texts.filter(([, attributes, text]) => {
      if (attributes!.includes("rotate")) return false;
      const wide = textWidth(text!, 11);
      const x = attribute(` ${attributes}`, "x");
      const left = /centre/.test(attributes!) ? x - wide / 2 : /end|figure/.test(attributes!) ? x - wide : x;
      return left < 0 || left + wide > width;
    });
    expect(beyond.map(([text]) => text)).toEqual([]);
  });
});

test("text is escaped, and a value without a place is said to have none", () => {
  expect(lines).toContain("What &lt;sizes&gt; are worth");
  expect(lines).toContain("dm &amp; co");
  expect(lines).toContain("1 value has no place on these axes.");
  expect(lineChart({ title: "bell \u0007", x: sizes, y: accuracy, series: [] })).not.toContain("\u0007");
});

test("a line goes by x, its points and intervals are in proportion", () => {
  const [curve] = [...lines.matchAll(/<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" class="curve line0"/g)];
  const [x1, y1, x10, y10] = curve!.slice(1).map(Number) as [number, number, number, number];
  expect(x10).toBeGreaterThan(x1);
  const reference = tagsOf(lines).find((tag) => tag.includes('class="reference"'))!;
  const perUnit = (y1 - y10) / 0.2;
  expect(attribute(reference, "y1")).toBeCloseTo(y10 - 0.08 * perUnit, 1);
  const whisker = /<path d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)M[^"]*" class="whisker curve line0"/.exec(lines)!;
  const [from, to] = [Number(whisker[2]), Number(whisker[4])];
  expect(from - to).toBeCloseTo(0.2 * perUnit, 1);
  expect((from + to) / 2).toBeCloseTo(y10, 1);
});

test("the front is a stair through what nothing beats", () => {
  const [, d] = /<path d="([^"]*)" class="front"/.exec(scatter)!;
  const corners = d!
    .split(/[ML]/)
    .slice(1)
    .map((pair) => pair.split(" ").map(Number) as [number, number]);
  expect(corners).toHaveLength(3);
  expect(corners[1]![1]).toBe(corners[0]![1]);
  expect(corners[1]![0]).toBe(corners[2]![0]);
  expect(scatter.match(/class="mark line1 hollow"/g)).toHaveLength(1);
  expect(scatter).toContain(">dm 10</text>");
});

test.each([
  [
    "equal points once",
    [
      [1, 1],
      [1, 1],
    ],
    [0],
  ],
  [
    "a worse one not at all",
    [
      [1, 2],
      [2, 1],
      [3, 3],
    ],
    [0, 2],
  ],
  [
    "of equal x the better",
    [
      [1, 1],
      [1, 2],
    ],
    [1],
  ],
  [
    "none that is no number",
    [
      [Number.NaN, 5],
      [1, 1],
    ],
    [1],
  ],
])("a front has %s", (_, points, front) =>
  expect(
    paretoFront(
      points.map(([x, y]) => ({ x: x!, y: y! })),
      { x: "lower", y: "higher" },
    ),
  ).toEqual(front),
);

test("a bar begins at nought and a missing one is a dash", () => {
  const axis = tagsOf(bars).find((tag) => tag.includes('class="axis"'))!;
  const bar = tagsOf(bars).find((tag) => tag.startsWith("<rect") && tag.includes('class="fill0"'))!;
  expect(attribute(bar, "x")).toBe(attribute(axis, "x1"));
  expect(bars).toContain(">–</text>");
});

test("shades go from the least to the greatest, and stay apart around a centre", () => {
  const opacities = (svg: string) =>
    [...svg.matchAll(/class="fill(\d)" opacity="([\d.]+)"/g)].map(([, side, o]) => [side, o]);
  expect(opacities(heat)).toEqual([
    ["1", "0.06"],
    ["1", "1"],
    ["1", "0.53"],
  ]);
  const wins = heatMap({ title: "Wins", centre: 0.5, rows: ["a"], columns: ["b", "c", "d"], values: [[0.25, 0.5, 1]] });
  expect(opacities(wins)).toEqual([
    ["0", "0.53"],
    ["1", "0.06"],
    ["1", "1"],
  ]);
});

describe("ticks", () => {
  const texts = (axis: Parameters<typeof scaleOf>[0], values: number[], most = 6) =>
    scaleOf(axis, values, [0, 100], most).ticks.map(({ text }) => text);
  const linear = { title: "" };
  const log = { title: "", log: true };

  test.each([
    [linear, [0.53, 0.964], ["0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]],
    [linear, [0, 17], ["0", "5", "10", "15", "20"]],
    [linear, [-0.3, 0.3], ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"]],
    [linear, [0, 100000], ["0", "20k", "40k", "60k", "80k", "100k"]],
    [linear, [5], ["4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6"]],
    [linear, [], ["0", "1"]],
    [log, [1, 50], ["1", "2", "5", "10", "20", "50"]],
    [log, [1, 1e6], ["1", "10", "100", "1k", "10k", "100k", "1M"]],
    [{ ...log, ticks: [1, 3, 100] }, [1, 50], ["1", "3"]],
    [log, [0, -1], ["1", "10"]],
  ])("%o of %o", (axis, values, expected) => expect(texts(axis, values, 7)).toEqual(expected));

  test("equal ratios are equal distances", () => {
    const { at } = scaleOf(log, [1, 100], [0, 100], 5);
    expect(at(10) - at(1)).toBeCloseTo(at(100) - at(10), 9);
  });
});
