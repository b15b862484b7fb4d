import { type CondenseOptions, type Configuration, citationsOf, resolveConfiguration } from "../condense/index.ts";
import { type DatasetInfo, infoOf } from "../data/datasetInfo.ts";
import { load } from "../data/index.ts";
import { knownDataset, knownDatasets } from "../data/knownDatasets.ts";
import { AttarError, type Citation, nearest } from "../engine/index.ts";
import { bibtexEntry, bibtexText, type Method, methods } from "../methods/index.ts";
import { chosenMethod } from "./chosenMethod.ts";
import { log, type OutputOptions, print } from "./output.ts";

export interface CiteFlags extends OutputOptions {
  preset?: "laptop" | "paper";
  ipc?: number;
  on?: string;
}

/**
 * `attar cite [methods…]`: the works behind methods and behind every part that they use: as they run on images of one's
 * own, for which small ones stand here, or on a known dataset.
 *
 * @throws AttarError "unknown-method"; "unknown-dataset"; "bad-option" for a preset that there is not
 */
export async function citeCommand(names: readonly string[], flags: CiteFlags): Promise<void> {
  const chosen = names.length > 0 ? [...new Set(names)].map((name) => chosenMethod(name).method) : methods;
  const { known: _, ...digits } = infoOf(await load("digits"));
  const data: DatasetInfo = flags.on === undefined ? digits : { ...digits, ...groundOf(flags.on) };
  const works = new Map<string, { citation: Citation; parts: string[] }>();
  for (const method of chosen) {
    const options = { ipc: flags.ipc ?? 10, ...(flags.preset && { preset: flags.preset }) };
    const run = configurationOf(data, method, options, names.length === 0);
    if (!run) continue;
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

/**
 * The configuration that a method runs under; undefined where its authors give no hyperparameters and `lenient`.
 *
 * @throws AttarError "no-recipe" where not lenient
 */
function configurationOf(
  data: DatasetInfo,
  method: Method,
  options: CondenseOptions,
  lenient: boolean,
): Configuration | undefined {
  try {
    return resolveConfiguration(data, method, options);
  } catch (error) {
    if (!(error instanceof AttarError) || error.code !== "no-recipe") throw error;
    if (lenient) return undefined;
    const [first] = method.recipe.flatMap(({ when }) => when.dataset ?? []);
    throw data.known || !first ? error : new AttarError(error.code, error.message, `add --on, such as --on ${first}`);
  }
}

/** The facts of a dataset known by name that citations depend on. @throws AttarError "unknown-dataset" */
function groundOf(name: string): Pick<DatasetInfo, "known" | "domain" | "classes" | "counts"> {
  const found = knownDataset(name);
  if (found) return { known: name, domain: found.domain, classes: found.classes, counts: found.counts };
  const names = knownDatasets.map((known) => known.name);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-dataset",
    `--on takes the name of a known dataset, got "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${names.join(", ")}, or leave it out for data of your own`,
  );
}
