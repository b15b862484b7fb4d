import { parseCondensed } from "../data/browser.ts";
import { parseStrictJson } from "../data/formats/strictJson.ts";
import { AttarError, type OptionValue } from "../engine/index.ts";
import { networkText } from "../hypotheses/index.ts";
import type { Asked, Kept, KeptRun, StudyFacts } from "./contract.ts";
import type { OpenedRun } from "./place.ts";
import type { RunFiles } from "./runFiles.ts";
import { studyOf } from "./studyTable.ts";

/** The file in which the studio keeps what was asked for, beside a run's own. */
export const askedName = "studio.json";

/** The most entries of a folder of runs that are looked at. */
const mostEntries = 2000;
/** Runs stand in the folder of runs, or in folders of it. */
const deepest = 3;

type Facts = Record<string, unknown>;
const isFacts = (value: unknown): value is Facts =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a folder of runs holds: runs, the newest first, files of a study's rows, and written reports. */
export async function keptIn(files: RunFiles): Promise<Kept> {
  const runs: { facts: KeptRun; modified: number }[] = [];
  const studies: string[] = [];
  const reports: string[] = [];
  let seen = 0;
  const look = async (folder: string, depth: number): Promise<void> => {
    const entries = await files.list(folder);
    const names = new Set(entries.map(({ name }) => name));
    const path = (name: string) => (folder === "" ? name : `${folder}/${name}`);
    if (names.has("run.json")) {
      const facts = await factsOf(files, folder);
      const stat = await files.stat(path("run.json"));
      if (facts) runs.push({ facts, modified: stat?.modified ?? 0 });
      return;
    }
    if (names.has("index.html") && names.has("rows.parquet")) reports.push(folder);
    for (const { name, isFolder } of entries) {
      if (++seen > mostEntries) return;
      if (!isFolder && /(^|\.)rows\.ndjson$/.test(name)) studies.push(path(name));
      if (isFolder && depth < deepest && !name.startsWith(".")) await look(path(name), depth + 1);
    }
  };
  await look("", 0);
  runs.sort((a, b) => b.modified - a.modified);
  return { runs: runs.map(({ facts }) => facts), studies: studies.sort(), reports: reports.sort() };
}

async function factsOf(files: RunFiles, id: string): Promise<KeptRun | undefined> {
  const record = await jsonOf(files, `${id}/run.json`);
  if (!isFacts(record?.configuration)) return undefined;
  const { method, dataset, ipc, seed, steps } = record.configuration;
  if (typeof method !== "string" || typeof dataset !== "string") return undefined;
  if (typeof ipc !== "number" || typeof seed !== "number" || typeof steps !== "number") return undefined;
  const finished = (await files.stat(`${id}/condensed.safetensors`)) !== undefined;
  return { id, dataset, method, ipc, seed, steps, finished };
}

async function jsonOf(files: RunFiles, path: string): Promise<Facts | undefined> {
  const bytes = await files.read(path);
  if (!bytes) return undefined;
  try {
    const value = parseStrictJson(new TextDecoder().decode(bytes), path);
    return isFacts(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Opens a run. @param id as {@link keptIn} lists it @throws AttarError "absent" where it is not listed, "bad-data" */
export async function openKept(files: RunFiles, id: string): Promise<OpenedRun> {
  const facts = (await keptIn(files)).runs.find((run) => run.id === id);
  if (!facts) throw new AttarError("absent", `there is no run ${id} here`, "choose one of the list");
  const record = await jsonOf(files, `${id}/run.json`);
  const configuration = record!.configuration as Facts;
  const losses = lossesOf((await files.read(`${id}/events.ndjson`)) ?? new Uint8Array());
  const set = facts.finished ? parseCondensed((await files.read(`${id}/condensed.safetensors`))!, id) : undefined;
  const checksum = configuration.datasetChecksum;
  return {
    facts,
    asked: askedIn(await jsonOf(files, `${id}/${askedName}`)) ?? askedLike(configuration, facts),
    ...(typeof checksum === "string" && { checksum }),
    step: losses.at(-1)?.[0] ?? (facts.finished ? facts.steps : 0),
    losses,
    ...(set && { set }),
  };
}

/** The steps of a log of events, and their losses; what is no such event is passed over. */
function lossesOf(bytes: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (!line.startsWith('{"event":"step"')) continue;
    try {
      const { step, loss } = JSON.parse(line) as { step?: unknown; loss?: unknown };
      if (typeof step === "number" && typeof loss === "number") found.push([step, loss]);
    } catch {
      // A last line that was cut short.
    }
  }
  return found;
}

function askedIn(value: Facts | undefined): Asked | undefined {
  if (!value) return undefined;
  const { method, ipc, seed, steps, network, settings, parts } = value;
  if (typeof method !== "string" || typeof ipc !== "number" || typeof seed !== "number" || !isFacts(settings))
    return undefined;
  return {
    dataset: "",
    method,
    ipc,
    seed,
    ...(typeof steps === "number" && { steps }),
    ...(typeof network === "string" && { network }),
    settings: settings as Asked["settings"],
    ...(isFacts(parts) && { parts: parts as NonNullable<Asked["parts"]> }),
  };
}

/** What a run of the command line was asked, as far as its configuration says it. */
function askedLike({ network }: Facts, { method, ipc, seed, steps }: KeptRun): Asked {
  const text = isFacts(network) ? textOfNetwork(network) : undefined;
  return { dataset: "", method, ipc, seed, steps, ...(text && { network: text }), settings: {} };
}

function textOfNetwork({ name, options }: Facts): string | undefined {
  if (typeof name !== "string" || !isFacts(options)) return undefined;
  const own: Record<string, OptionValue> = {};
  for (const [option, value] of Object.entries(options))
    if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") own[option] = value;
  try {
    return networkText({ name, options: own });
  } catch {
    // A network of a plugin that is not here.
    return undefined;
  }
}

/** A study's rows as a table. @throws AttarError "absent", "bad-data" */
export async function studyIn(files: RunFiles, id: string): Promise<StudyFacts> {
  const { studies } = await keptIn(files);
  const bytes = studies.includes(id) ? await files.read(id) : undefined;
  if (!bytes) throw new AttarError("absent", `there are no rows ${id} here`, "choose one of the list");
  return studyOf(id, new TextDecoder().decode(bytes));
}

/** The files of a run, by their paths from the folder that it is in. @throws AttarError "absent" */
export async function filesOfRun(files: RunFiles, id: string): Promise<Map<string, Uint8Array>> {
  if (!(await factsOf(files, id)))
    throw new AttarError("absent", `there is no run ${id} here`, "choose one of the list");
  const found = new Map<string, Uint8Array>();
  const take = async (folder: string): Promise<void> => {
    for (const { name, isFolder } of await files.list(folder)) {
      const path = `${folder}/${name}`;
      if (isFolder) await take(path);
      else if (name !== "lock") found.set(path, (await files.read(path))!);
    }
  };
  await take(id);
  return found;
}
