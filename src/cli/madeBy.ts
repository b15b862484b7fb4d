import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Configuration } from "../condense/index.ts";
import { type RunRecord, readRecord } from "../condense/node/runRecord.node.ts";
import type { CondensedSet } from "../data/dataset.ts";
import { type Domain, domainAs } from "../data/domain.ts";
import { type ReadOptions, readOptionWords } from "../data/readOptions.ts";
import type { Made } from "../evaluate/datasetCard.ts";
import { scoreFile } from "../evaluate/node/scoreFile.node.ts";
import { keptScore, type Training } from "../evaluate/trainingRecipe.ts";
import { networkText } from "../hypotheses/index.ts";
import { bibtexEntry, bibtexText, isCoreset, methods } from "../methods/index.ts";
import { duration, shellWord } from "./output.ts";

/** The run folder that a set is of, where it is one, and the domain that its data were read as. */
export async function runOf(subject: string, set: CondensedSet): Promise<{ folder?: string; domain?: Domain }> {
  const folder = statSync(subject).isDirectory() ? subject : undefined;
  const kind = folder && ((await recordOf(folder))?.configuration.reading as ReadOptions | undefined)?.domain;
  return { ...(folder && { folder }), ...(kind && { domain: domainAs(kind, set.shape) }) };
}

/** What a run's folder tells of how its set was made and what it is worth; nothing of a set without one. */
export async function madeBy(folder: string | undefined, set: CondensedSet, training: Training): Promise<Made> {
  const record = folder === undefined ? undefined : await recordOf(folder);
  const work = workOf(set.method);
  if (folder === undefined || !record) return { ...(work && { work }) };
  const scores = join(folder, "scores.ndjson");
  const score = existsSync(scores)
    ? await keptScore(set, training, await scoreFile(scores, true, () => {}))
    : undefined;
  const { versions, device, cores, seconds } = record;
  const commit = await commitOf();
  const where = [device?.trim(), cores && `${cores} cores`, seconds && duration(seconds)].filter(Boolean).join(", ");
  return {
    ...(work && { work }),
    command: commandOf(record.configuration as RunConfiguration),
    ...(versions?.attar && { by: `${versions.attar}${commit ? `, exported at commit ${commit}` : ""}` }),
    ...(where && { where }),
    settings: withoutPaths(record.configuration),
    ...(score && { score }),
  };
}

/** The work that a method of attar's is from. */
function workOf(name: string): Made["work"] {
  const method = methods.find((known) => known.name === name);
  if (!method) return undefined;
  const { title, citation } = method;
  return { words: `${title}: ${citation.authors}, ${citation.year}`, bibtex: bibtexText(bibtexEntry(citation)) };
}

/** The record of a run; undefined where it is damaged, or another program's: the set is none the worse. */
const recordOf = (folder: string) => readRecord(folder).catch(() => undefined);

type RunConfiguration = RunRecord["configuration"] & Configuration;

/** The command that starts such a run, but for settings of single parts, which the configuration names. */
function commandOf({ dataset, method, ipc, preset, steps, seed, network, reading }: RunConfiguration): string {
  const moves = !methods.some((known) => known.name === method && isCoreset(known));
  const words = [
    "attar",
    "condense",
    dataset,
    ...(reading ? readOptionWords(publicOf(reading)) : []),
    "--method",
    method,
    "--ipc",
    String(ipc),
    "--seed",
    String(seed),
    ...(moves ? ["--preset", preset, "--steps", String(steps), "--net", networkText(network)] : []),
  ];
  return words.map(shellWord).join(" ");
}

/** Reading options without the folders of a person's machine. */
const publicOf = (reading: ReadOptions): ReadOptions =>
  reading.test === undefined ? reading : { ...reading, test: basename(reading.test) };

/** A configuration without the folders of a person's machine. */
function withoutPaths({ plugins, reading, ...configuration }: RunRecord["configuration"]): Record<string, unknown> {
  return {
    ...configuration,
    ...(reading !== undefined && { reading: publicOf(reading as ReadOptions) }),
    ...(Array.isArray(plugins) && {
      plugins: plugins.map((plugin: { path: string }) => ({ ...plugin, path: basename(plugin.path) })),
    }),
  };
}

/** The commit that is checked out, where attar runs in a checkout of its own; undefined where it is installed. */
async function commitOf(): Promise<string | undefined> {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  if (!existsSync(join(root, ".git"))) return undefined;
  try {
    return (await promisify(execFile)("git", ["-C", root, "rev-parse", "--short=12", "HEAD"])).stdout.trim();
  } catch {
    return undefined;
  }
}
