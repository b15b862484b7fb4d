import { type Configuration, describeParts, type PartsDescription } from "../condense/index.ts";
import { type Dataset, infoOf } from "../data/browser.ts";
import type { OptionValues } from "../engine/index.ts";
import { shellWord } from "../engine/shellWord.ts";
import { networkText } from "../hypotheses/index.ts";
import type { Alternative, Asked, DatasetFacts, PartFacts, Problem, Resolved } from "./contract.ts";
import { isSlot, namesFor } from "./withParts.ts";

/** The facts of a dataset that a page shows. */
export function datasetFacts(id: string, dataset: Dataset): DatasetFacts {
  const { name, classes, shape } = dataset;
  return {
    id,
    name,
    classes,
    shape,
    counts: infoOf(dataset).counts,
    notes: (dataset.reading?.notes ?? []).map(String),
    ...(dataset.known === "digits" && { drawn: "digits" as const }),
    ...(shape.join() === "1,28,28" && classes.length === 10 && { drawn: "mnist" as const }),
  };
}

/** What went wrong, in the words of an AttarError where it is one. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { message: String(error) };
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return { message: error.message, ...(hint && { hint }) };
}

const descriptions = describeParts();
const axes = ["discrepancy", "data space", "hypothesis space", "tricks"] as const;

/** The parts of a configuration on the four axes, each with its options and the paths by which they are set. */
export function axesOf(configuration: Configuration): Extract<Resolved, { ok: true }>["axes"] {
  const { terms, synthetic, hypotheses, network, tricks, selection, solver, criterion } = configuration;
  const one = (head: string, part: { name: string; options: OptionValues } | undefined) =>
    part ? [partFacts(head, part)] : [];
  const parts = {
    discrepancy: [
      ...terms.flatMap(({ view, discrepancy }) => [partFacts("view", view), partFacts("discrepancy", discrepancy)]),
      ...one("criterion", criterion),
    ],
    "data space": [...one("synthetic", synthetic), ...one("initialisation", selection)],
    "hypothesis space": [...one("hypotheses", hypotheses), ...one("network", network), ...one("solver", solver)],
    tricks: tricks.map((trick) => partFacts("tricks", trick)),
  };
  return axes.map((axis) => ({ axis, parts: parts[axis] }));
}

function partFacts(head: string, { name, options }: { name: string; options: OptionValues }): PartFacts {
  const kind = descriptions.find((description) => description.head === head) as PartsDescription;
  const part = kind.parts.find((known) => known.name === name);
  const start = head === "tricks" ? `tricks.${name}` : head;
  const fields = Object.entries(part?.options.properties ?? {}).map(([option, schema]) => ({
    path: `${start}.${option}`,
    name: option,
    schema,
    value: options[option] ?? schema.default,
  }));
  return { noun: kind.noun, name, ...(isSlot(head) && { slot: head }), title: part?.title ?? name, fields };
}

/** The parts that may take a slot. @param tryOut throws where a part cannot */
export function alternativesOf(slot: string, tryOut: (name: string) => void): Alternative[] {
  if (!isSlot(slot)) return [];
  return namesFor(slot, descriptions).flatMap(({ name, title, minimised }) => {
    // What is for measuring alone is no alternative.
    if (minimised === false) return [];
    try {
      tryOut(name);
      return [{ name, title }];
    } catch (error) {
      return [{ name, title, problem: problemOf(error).message }];
    }
  });
}

/** The command that makes the run that is asked for. */
export function commandOf({ method, ipc, seed, steps, network, settings, parts }: Asked, dataset: Dataset): string {
  const named = parts && Object.keys(parts).length > 0 ? `${method}-changed.json` : method;
  const words = ["attar", "condense", dataset.known ?? dataset.name, "--method", named, "--ipc", ipc, "--seed", seed];
  if (steps !== undefined) words.push("--steps", steps);
  if (network !== undefined) words.push("--net", network);
  for (const [path, value] of Object.entries(settings)) words.push("--set", `${path}=${value}`);
  return words.map((word) => shellWord(String(word))).join(" ");
}

/** A configuration's network as the command line writes it. */
export const networkOf = ({ network }: Configuration): string => networkText(network);
