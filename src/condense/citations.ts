import { criterionNamed, distanceNamed } from "../discrepancies/index.ts";
import {
  type Citation,
  type Cited,
  citationsOfOptions,
  type OptionRules,
  type OptionValue,
  type OptionValues,
} from "../engine/index.ts";
import { generatorNamed, parseGenerator } from "../generators/index.ts";
import { architectureNamed, solverNamed, sourceNamed } from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/method.ts";
import { initialisationNamed, labelOptions, spaceNamed } from "../synthetic/index.ts";
import { type Scheme, schemeCitations, trickNamed } from "../tricks/index.ts";
import { viewNamed } from "../views/index.ts";
import type { Configuration } from "./configuration.ts";
import { updateOptions } from "./update.ts";

/** A work with the parts of a run that rest on it, in words: "method dm", "network convnet". */
export interface CitedWork {
  readonly citation: Citation;
  readonly parts: readonly string[];
}

/** A part of a run: its record, and the values that its options have. */
interface UsedPart {
  readonly name: string;
  readonly record: Cited & { readonly options?: OptionRules };
  readonly values?: OptionValues;
}

/**
 * The works behind a method as a configuration runs it: of the method itself first, then of its parts, each as the part's own
 * record and the rules of its options name it. A work that several parts rest on is listed once.
 */
export function citationsOf(method: Method, configuration: Configuration): CitedWork[] {
  const works = new Map<string, { citation: Citation; parts: string[] }>();
  const itself: UsedPart = { name: `method ${method.name}`, record: { citation: method.citation } };
  for (const { name, record, values = {} } of [itself, ...partsOf(method, configuration)])
    for (const citation of [record.citation ?? [], citationsOfOptions(record.options ?? {}, values)].flat()) {
      const key = JSON.stringify([citation.authors, citation.year, citation.title]);
      const known = works.get(key) ?? { citation, parts: [] };
      if (!known.parts.includes(name)) known.parts.push(name);
      works.set(key, known);
    }
  return [...works.values()];
}

/** The generator in whose codes S lives. */
const generatorOf = ({ synthetic }: Configuration) =>
  synthetic.name === "latent" ? parseGenerator(String(synthetic.options.generator)) : undefined;

function partsOf(method: Method, run: Configuration): UsedPart[] {
  const part = (
    room: string,
    used: { name: string; options: OptionValues } | undefined,
    find: (name: string) => UsedPart["record"],
  ): UsedPart[] => (used ? [{ name: `${room} ${used.name}`, record: find(used.name), values: used.options }] : []);
  if (isCoreset(method))
    return [
      ...part("generator", generatorOf(run), generatorNamed),
      ...part("initialisation", run.selection, initialisationNamed),
    ];
  const scheme = run.matching.split(":")[0]!;
  const looks = sourceNamed(run.hypotheses.name).atOnce > 0;
  return [
    ...run.terms.flatMap(({ view, discrepancy }) => [
      ...part("view", view, viewNamed),
      ...part("discrepancy", discrepancy, distanceNamed),
    ]),
    ...part("solver", run.solver, solverNamed),
    ...part("criterion", run.criterion, criterionNamed),
    ...part("data space", run.synthetic, spaceNamed),
    ...part("generator", generatorOf(run), generatorNamed),
    ...(run.labels ? [{ name: "labels", record: { options: labelOptions }, values: said(run.labels) }] : []),
    ...part("hypotheses", run.hypotheses, sourceNamed),
    ...(looks ? part("network", run.network, architectureNamed) : []),
    ...run.tricks.flatMap((trick) => part("trick", trick, trickNamed)),
    { name: `augmentation ${scheme}`, record: { citation: schemeCitations[scheme as Scheme] } },
    {
      name: `initialisation ${run.initialisation}`,
      record: initialisationNamed(run.initialisation),
      ...(run.selection && { values: run.selection.options }),
    },
    { name: "update", record: { options: updateOptions }, values: run.update },
  ];
}

/** The values of options that have one. */
const said = (values: Readonly<Record<string, OptionValue | undefined>>): OptionValues =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
