import { describe, expect, test } from "vitest";
import { load } from "../data/index.ts";
import { knownDatasets } from "../data/knownDatasets.ts";
import { criteria, discrepancies, distanceNamed } from "../discrepancies/index.ts";
import {
  type Citation,
  type Cited,
  choice,
  citationsOfOptions,
  flag,
  integer,
  type OptionRules,
  work,
} from "../engine/index.ts";
import { generators } from "../generators/index.ts";
import { architectures, solvers, sources } from "../hypotheses/index.ts";
import { bibtexEntry, bibtexKey, bibtexText, isCoreset, methodNamed, methods } from "../methods/index.ts";
import { applyingRow, traitsOf } from "../recipes/lookUp.ts";
import { initialisations, spaces } from "../synthetic/index.ts";
import { schemeCitations, tricks } from "../tricks/index.ts";
import { views } from "../views/index.ts";
import { citationsOf } from "./citations.ts";
import { type CondenseOptions, resolveConfiguration } from "./configuration.ts";
import { updateOptions } from "./update.ts";

const digits = await load("digits");
const distances = Object.fromEntries(
  discrepancies.names
    .filter((name) => "traced" in discrepancies.parts[name])
    .map((name) => [name, distanceNamed(name)]),
);

const cited = (name: string, options: Partial<CondenseOptions> = {}) => {
  const method = methodNamed(name);
  return citationsOf(method, resolveConfiguration(digits, method, { ipc: 10, ...options }));
};
const keysOf = (name: string, options: Partial<CondenseOptions> = {}) =>
  cited(name, options).map(({ citation }) => bibtexKey(citation));

/** The works of every record there is, with the record's name. */
const everyWork: [string, Citation][] = [
  ...Object.entries<Cited & { options?: OptionRules }>({
    ...views,
    ...distances,
    ...criteria,
    ...solvers,
    ...sources,
    ...spaces,
    ...generators,
    ...tricks,
    ...initialisations,
    ...Object.fromEntries(architectures.map((a) => [`network ${a.name}`, a])),
    update: { options: updateOptions },
  }).flatMap(([name, { citation = [], options = {} }]) =>
    [citation, ...Object.values(options).flatMap((rule) => Object.values(rule.citations ?? {}))]
      .flat(2)
      .map((c): [string, Citation] => [name, c]),
  ),
  ...methods.map(({ name, citation }): [string, Citation] => [`method ${name}`, citation]),
  ...Object.entries(schemeCitations),
];

test("one key is one work, wherever it is named", () => {
  expect(everyWork.length).toBeGreaterThan(90);
  const known = new Map<string, Citation>();
  for (const [name, citation] of everyWork) {
    const key = bibtexKey(citation);
    expect(key, name).toMatch(/^[a-z]+\d{4}[a-z0-9]+(-[a-z])?$/);
    expect(citation, name).toEqual(known.get(key) ?? citation);
    known.set(key, citation);
  }
  const titles = [...known.values()].map(({ title }) => title.toLowerCase());
  expect(new Set(titles).size).toBe(titles.length);
});

test("the values of options that have works are values of the options", () => {
  const rules = [views, distances, criteria, solvers, sources, spaces, tricks, { update: { options: updateOptions } }]
    .flatMap((room) => Object.values<{ options: OptionRules }>(room))
    .concat(architectures)
    .flatMap(({ options }) => Object.entries(options));
  for (const [name, rule] of rules)
    for (const value of Object.keys(rule.citations ?? {})) {
      if (rule.kind === "choice") expect(rule.of, name).toContain(value);
      else expect(rule.kind === "flag" ? ["true", "false"] : ["changed"], name).toContain(value);
    }
});

describe("entries parse as BibTeX", () => {
  test.each(everyWork)("%s", (_name, citation) => {
    const text = bibtexText(bibtexEntry(citation));
    // Printable ASCII alone, braces in pairs, and no character that LaTeX would read as a command.
    expect(text).toMatch(/^@[a-z]+\{[a-z0-9-]+,\n(?: {2}[a-z]+ = \{.*\},\n)+\}$/);
    expect(text).toMatch(/^[\n -~]+$/);
    expect(text.replace(/\\[{}]/g, "").match(/\{/g)?.length).toBe(text.replace(/\\[{}]/g, "").match(/\}/g)?.length);
    expect(text).not.toMatch(/[^\\][&%$#_]/);
  });
});

test.each(methods.map((m) => m.name))(
  "%s is cited first, with no work twice, for every dataset, size and preset",
  (name) => {
    const method = methodNamed(name);
    const runs = (["laptop", "paper"] as const).flatMap((preset) =>
      [1, 10, 50].flatMap((ipc) =>
        [undefined, ...knownDatasets.map((k) => k.name)].map((known) => ({ preset, ipc, known })),
      ),
    );
    const { known: _, ...images } = digits;
    for (const { preset, ipc, known } of runs) {
      const data = { ...images, ...(known && { known }) };
      if (preset === "paper" && !isCoreset(method) && !applyingRow(name, method.recipe, traitsOf(data, ipc))) continue;
      const works = citationsOf(method, resolveConfiguration(data, method, { ipc, preset }));
      expect(works[0]!.citation).toBe(method.citation);
      expect(works[0]!.parts).toContain(`method ${name}`);
      const keys = works.map(({ citation }) => bibtexKey(citation));
      expect(new Set(keys).size).toBe(keys.length);
    }
  },
);

test("the parts of a method are cited: space, view, distance, source, network, augmentation, start", () => {
  const works = cited("idc", { settings: { "hypotheses.mixed": true } });
  const partsOf = (key: string) => works.find(({ citation }) => bibtexKey(citation) === key)?.parts;
  expect(partsOf("kim2022dataset")).toEqual([
    "method idc",
    "discrepancy convolution-difference",
    "data space pixels",
    "hypotheses alternating",
    "augmentation composite",
  ]);
  expect(partsOf("zhao2021dataset-a")).toEqual(["view loss-gradient"]);
  expect(partsOf("yun2019cutmix")).toEqual(["hypotheses alternating"]);
  expect(partsOf("gidaris2018dynamic")).toEqual(["network convnet"]);
  expect(partsOf("lloyd1982least")).toEqual(["initialisation kmeans"]);
});

test("only what a run uses is cited", () => {
  expect(keysOf("dm", { ipc: 1 })).toEqual([
    "zhao2023dataset",
    "gidaris2018dynamic",
    "ulyanov2016instance",
    "he2015delving",
    "zhao2021dataset-b",
  ]);
  expect(keysOf("random")).toEqual(["cochran1977sampling"]);
  expect(keysOf("kip")).toEqual(expect.arrayContaining(["jacot2018neural", "kingma2015adam"]));
  expect(keysOf("kip").some((key) => key.startsWith("gidaris"))).toBe(false);
  expect(keysOf("kip", { settings: { "solver.kernel": "nngp" } })).toContain("lee2018deep");
  expect(keysOf("kip", { settings: { "solver.kernel": "nngp" } })).not.toContain("jacot2018neural");
  expect(keysOf("dm", { settings: { "tricks.kmeans": 5 } })).toContain("liu2023dream-a");
  expect(keysOf("dm", { network: { name: "alexnet", options: {} } })).toContain("krizhevsky2012imagenet");
});

test("options are cited by value, or where they are not the default", () => {
  const [a, b] = [work("A. A", 2000, "One", "ICML"), work("B. B", 2001, "Two", "ICML")];
  const rules = {
    kind: choice("x", ["x", "y"], "", { x: a, y: [a, b] }),
    on: flag(false, "", { true: b }),
    count: integer(1, 1, 9, "", { changed: b }),
  };
  expect(citationsOfOptions(rules, {})).toEqual([a]);
  expect(citationsOfOptions(rules, { kind: "y" })).toEqual([a, b]);
  expect(citationsOfOptions(rules, { on: true, count: 1 })).toEqual([a, b]);
  expect(citationsOfOptions(rules, { kind: "x", count: 2 })).toEqual([a, b]);
  expect(citationsOfOptions({ kind: choice("constructor", ["constructor"], "", {}) }, {})).toEqual([]);
});
