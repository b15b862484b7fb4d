import { describe, expect, test } from "vitest";
import { reportRows, scored } from "../../../test/fixtures/reportRows.ts";
import type { Row } from "../rows/row.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { figuresOf } from "./figures.ts";
import { leftOf } from "./left.node.ts";
import { reportMarkdown } from "./markdown.ts";
import { reportPage } from "./page.ts";
import { recordedSource } from "./recorded.node.ts";

describe("a figure", () => {
  test("is the mean over sets of the means over networks, with both spreads apart", () => {
    const [figure] = figuresOf([
      scored("dm", 0.8, { seed: 0, repeat: 0 }),
      scored("dm", 0.9, { seed: 0, repeat: 1 }),
      scored("dm", 0.6, { seed: 1, repeat: 0 }),
      scored("dm", 0.7, { seed: 1, repeat: 1 }),
    ]);
    expect(figure!.mean).toBeCloseTo(0.75, 12);
    expect(figure!.sets.map((v) => Number(v.toFixed(9)))).toEqual([0.85, 0.65]);
    expect(figure!.networks).toBe(4);
    expect(figure!.spread.sets).toBeCloseTo(Math.sqrt(0.02), 12);
    expect(figure!.spread.networks).toBeCloseTo(Math.sqrt(0.005), 12);
    // t of 97.5 % at one degree of freedom is 12.706.
    expect(figure!.interval!.high).toBeCloseTo(0.75 + (12.7062 * Math.sqrt(0.02)) / Math.sqrt(2), 4);
  });

  test("has no mean where one of its sets has no value, and says why", () => {
    const [figure] = figuresOf([
      scored("dm", 0.8),
      { ...scored("dm", 0, { seed: 1 }), value: null, status: "diverged", reason: "a pixel grew" },
    ]);
    expect(figure!.mean).toBeUndefined();
    expect(figure!.reasons).toEqual(["diverged: a pixel grew"]);
  });

  test("is of the seeds that a study asks for, whatever seeds it leaves out", () => {
    const leftOut: Row = {
      ...scored("dm", 0, { seed: 1 }),
      value: null,
      status: "refused",
      reason: "one seed is enough",
    };
    const [figure] = figuresOf([leftOut, scored("dm", 0.8), scored("dm", 0.6, { repeat: 1 })]);
    expect([figure!.mean, figure!.sets, figure!.reasons]).toEqual([0.7, [0.7], []]);
    const [none] = figuresOf([leftOut]);
    expect([none!.mean, none!.reasons]).toEqual([undefined, ["refused: one seed is enough"]]);
  });
});

const rows: readonly Row[] = [
  ...reportRows,
  { ...scored("<b>&", 0, { ipc: 1 }), value: null, status: "refused", reason: "it cannot be <i>" },
];

describe("the tables as Markdown", () => {
  const text = reportMarkdown({ title: "A study", notes: ["A note."], rows, file: "study.json" });

  test("have the page's figures, the best of a column bold, and why others are missing", () => {
    expect(text.split("\n").slice(0, 3)).toEqual(["# A study", "", "- A note."]);
    const [, head = ""] = /\n(\| {2}\|.*)\n/.exec(text) ?? [];
    expect(head).toMatch(/accuracy, % ↑/);
    expect(text).toMatch(/\| \*\*\d+\.\d/);
    expect(text).toContain("## Without a figure");
    expect(text).toMatch(/<b>& \(.*\): it cannot be <i>/);
    expect(text.trimEnd().split("\n").at(-1)).toMatch(/^\d+ numbers.*by `attar benchmark run study.json`\.$/);
  });

  test("say why where nothing has a number, and are none where nothing is known but what steps take", () => {
    const refused = { ...scored("dm", 0), value: null, status: "refused", reason: "no step fits" } as const;
    const text = reportMarkdown({ title: "T", rows: [refused] });
    expect(text).toMatch(/\| dm \| refused \|/);
    expect(text).toMatch(/dm .*: no step fits/);
    const measured = { ...scored("dm", 2), ...{ objective: "measurement", metric: "measurement.step", unit: "s" } };
    expect(reportMarkdown({ title: "T", rows: [measured] })).not.toContain("## ");
    expect(reportPage({ title: "T", rows: [measured] })).toContain("measurement.step");
  });

  test("have what was found of networks whatever their protocol, such as by attacks on membership", () => {
    const base = { ...scored("dm", 0.5), protocol: "field" };
    const audit = { objective: "membership", better: "lower", protocol: null } as const;
    const found = [
      { ...base, ...audit, metric: "membership", value: 0.51 },
      { ...base, ...audit, metric: "membership.set", value: 0.123 },
      { ...base, ...audit, metric: "membership.lira.advantage", value: 0.456 },
    ];
    const own = reportMarkdown({ title: "A study", rows: [base, ...found] });
    expect(own).toMatch(/accuracy, % ↑.*membership, % ↓.*membership set, % ↓/);
    expect(own).toMatch(/\| dm \|.*50\.0.*51\.0.*12\.3/);
    expect(own).not.toContain("45.6");
  });

  test("have what others claim beside them, where somebody does", () => {
    const claimed = { ...scored("dm", 0.5), claimed: 0.612, claimed_source: "their table 2" };
    const own = reportMarkdown({ title: "A study", rows: [claimed, scored("dc", 0.4)] });
    expect(own).toMatch(/\| dm \|.*\| 61\.2 \(their table 2\) \|/);
    expect(own).toMatch(/\| dc \|.*\| – \|/);
    expect(text).not.toContain("claimed");
  });

  test("are of the protocols that a size has figures of", () => {
    const at = (ipc: number, protocol: string) => ({ ...scored("dm", 0.5, { ipc }), protocol });
    const own = reportMarkdown({ title: "A study", rows: [at(1, "field"), at(10, "field"), at(10, "cross")] });
    expect([...own.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      "digits, 1 image a class, protocol field",
      "digits, 10 images a class, protocol field",
      "digits, 10 images a class, protocol cross",
    ]);
  });

  test("hang on nothing but the rows", () => {
    expect(reportMarkdown({ title: "A study", notes: ["A note."], rows, file: "study.json" })).toBe(text);
  });

  test("name what the study has and no row is of; what an exploration tries, and what is left out, is not missing", async () => {
    const named = { name: "s", methods: ["dm", "dc", "random"], datasets: ["digits"], ipc: [1, 10], seeds: [0, 1] };
    const study = parseStudy({ ...named, exclude: [{ methods: ["dc"], ipc: [10] }] }, "s.json");
    const made = ["dm", "dc"].flatMap((name) => [0, 1].map((seed) => scored(name, 0.5, { ipc: 1, seed })));
    const failed = {
      ...scored("dm", 0, { ipc: 10, seed: 1 }),
      value: null,
      status: "diverged" as const,
      reason: "it did",
    };
    const bare = { ...scored("random", 0.5, { ipc: 10 }), network: null, objective: "bytes", metric: "bytes" };
    const left = await leftOf(study, "s.json", [...made, failed, bare]);
    expect(left).toEqual([
      { dataset: "digits", ipc: 1, subjects: ["random"], sets: 2, of: 6 },
      { dataset: "digits", ipc: 10, subjects: ["dm", "random"], sets: 3, of: 6 },
    ]);
    expect(reportMarkdown({ title: "s", rows: made, left })).toContain(
      "## Not computed yet\n\n- digits, 1 image a class: 2 of 6 sets, random\n- digits, 10 images a class: 3 of 6 sets, dm, random\n",
    );
    expect(reportPage({ title: "s", rows: made, left })).toContain(
      "<li>digits, 1 image a class: 2 of 6 sets, random</li>",
    );
    for (const elsewhere of [{ datasets: ["not/here"] }, { methods: [{ import: "not-here.safetensors" }] }])
      expect(await leftOf(parseStudy({ ...named, ...elsewhere }, "s.json"), "s.json", made)).toEqual([]);
    expect(await leftOf(parseStudy({ ...named, explore: { budget: "10m" } }, "s.json"), "s.json", [])).toEqual([]);
  });

  test("of recorded rows have title and notes of the study beside them", async () => {
    const { title, notes, file } = await recordedSource("studies/quality.rows.ndjson");
    expect([title, file]).toEqual(["Ten images per class, longer runs", "studies/quality.json"]);
    expect(notes?.length).toBeGreaterThan(0);
  });
});

describe("the page", () => {
  const made = () =>
    reportPage({
      title: "A <study>",
      notes: ["Fewer <steps>."],
      rows,
      file: "s.json",
      departures: new Map([["dm", ["fewer steps"]]]),
    });
  const page = made();

  test("has every part that the rows warrant", () => {
    for (const id of ["sizes", "figures", "fronts", "ranks", "architectures", "departures", "gaps", "origins"])
      expect(page).toContain(`<section id="${id}">`);
    expect(page).toContain("Friedman&#39;s test".replace("&#39;", "'"));
    expect(page).toContain("critical difference 1.35");
  });

  test("escapes what it is told", () => {
    expect(page).toContain("<title>A &lt;study&gt;</title>");
    expect(page).toContain("<p>Fewer &lt;steps&gt;.</p>");
    expect(page).not.toContain("<b>&<");
    expect(page).not.toContain("<i>");
  });

  test("leads from every figure to its origin", () => {
    const ids = new Set([...page.matchAll(/<details id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#(cell-[^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(30);
    for (const id of links) expect(ids).toContain(id);
    expect(page).toContain("attar benchmark run s.json --only &quot;dm/digits/ipc1/seed0/convnet/field&quot;");
  });

  test("makes what is as good as the best bold, and nothing else", () => {
    const small = reportPage({
      title: "t",
      rows: [
        ...[0.9, 0.91, 0.92].map((v, repeat) => scored("a", v, { repeat })),
        ...[0.89, 0.91, 0.93].map((v, repeat) => scored("b", v, { repeat })),
        ...[0.1, 0.11, 0.12].map((v, repeat) => scored("c", v, { repeat })),
      ],
    });
    const bold = [...small.matchAll(/<b><a[^>]*>([^<]+)<\/a><\/b>/g)].map(([, text]) => text);
    expect(bold).toEqual(["91.0 ± 1.0", "91.0 ± 2.0"]);
  });

  test("fetches nothing and runs no module, so that it opens from a disk", () => {
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    expect(page).not.toContain('type="module"');
    expect(made()).toBe(page);
  });
});
