import { citationsOf, resolveConfiguration } from "../condense/index.ts";
import { type Dataset, load } from "../data/index.ts";
import { knownDatasets } from "../data/knownDatasets.ts";
import { AttarError, type Citation, nearest } from "../engine/index.ts";
import { bibtexEntry, bibtexText, methodNamed, methods } from "../methods/index.ts";
import { log, type OutputOptions, print } from "./output.ts";

export interface CiteFlags extends OutputOptions {
  preset?: "laptop" | "paper";
  ipc?: number;
  on?: string;
}

/**
 * `attar cite [methods…]`: the works behind methods and behind every part that they use: as they run on images of one's
 * own, or on a known dataset, whose name alone matters here; small images stand for its data.
 *
 * @throws AttarError "unknown-method"; "unknown-dataset"; "bad-option" for a preset that there is not
 */
export async function citeCommand(names: readonly string[], flags: CiteFlags): Promise<void> {
  const chosen = names.length > 0 ? [...new Set(names)].map(methodNamed) : methods;
  const { known: _, ...digits } = await load("digits");
  const data: Dataset = flags.on === undefined ? digits : { ...digits, known: knownName(flags.on) };
  const works = new Map<string, { citation: Citation; parts: string[] }>();
  for (const method of chosen) {
    const run = resolveConfiguration(data, method, {
      ipc: flags.ipc ?? 10,
      ...(flags.preset && { preset: flags.preset }),
    });
    for (const { citation, parts } of citationsOf(method, run)) {
      const { key } = bibtexEntry(citation);
      const known = works.get(key)?.parts ?? [];
      works.set(key, { citation, parts: [...new Set([...known, ...parts])] });
    }
  }
  const entries = [...works.values()].map(({ citation, parts }) => ({ ...bibtexEntry(citation), parts }));
  if (flags.json) print(JSON.stringify(entries));
  else print(entries.map((entry) => `% ${entry.parts.join(", ")}\n${bibtexText(entry)}`).join("\n\n"));
  if (names.length === 0) log("every method and its parts; attar cite dm idc cites what those two use", flags);
}

function knownName(name: string): string {
  const names = knownDatasets.map((known) => known.name);
  if (names.includes(name)) return name;
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-dataset",
    `--on takes the name of a known dataset, got "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}, or leave it out for data of your own`,
  );
}
