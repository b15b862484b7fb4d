import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { readRaw } from "../../data/node/readBytes.node.ts";
import { AttarError } from "../../engine/index.ts";
import type { Stretch } from "./stretches.ts";

/** The content of run.json; where a run was computed is absent from a record that an earlier version cut short. */
export interface RunRecord {
  readonly configuration: Readonly<Record<string, unknown>> & { readonly dataset: string; readonly method: string };
  readonly versions?: Stretch["versions"];
  readonly device?: string;
  readonly cores?: number;
  readonly executor?: string;
  readonly earlier?: readonly Stretch[];
  /** The run's duration in seconds; absent until it is finished. */
  readonly seconds?: number;
}

/**
 * Reads the record of a run. A folder without one is no run, whatever else it holds.
 *
 * @returns undefined where there is no run.json.
 * @throws AttarError "not-a-run" (exit code 2) where run.json is damaged or another program's, "cannot-write" where it cannot
 * be read.
 */
export async function readRecord(folder: string): Promise<RunRecord | undefined> {
  const path = join(folder, "run.json");
  let text: string;
  try {
    text = new TextDecoder().decode(await readRaw(path));
  } catch (error) {
    if (!(error instanceof AttarError) || error.code === "bad-data") throw notOurs(path);
    if (existsSync(path)) throw error;
    return undefined;
  }
  let value: unknown;
  try {
    value = parseStrictJson(text, path);
  } catch {
    throw notOurs(path);
  }
  if (!isRecord(value)) throw notOurs(path);
  return value;
}

function isRecord(value: unknown): value is RunRecord {
  if (!isObject(value) || !isObject(value.configuration)) return false;
  const { method, dataset, steps, ipc } = value.configuration;
  const { earlier = [], seconds = 0 } = value;
  const own = [method, dataset].every(isText) && [steps, ipc, seconds].every((number) => typeof number === "number");
  const whole = value.device === undefined || isPlace(value);
  const stretches = isList(earlier) && earlier.every((past) => isPlace(past) && typeof past.until === "number");
  return own && whole && stretches;
}

/** Recognises where a stretch of a run was computed. */
function isPlace(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || !isObject(value.versions)) return false;
  const { device, executor, cores } = value;
  return isText(device) && isText(executor) && typeof cores === "number" && Object.values(value.versions).every(isText);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

const notOurs = (path: string) =>
  new AttarError(
    "not-a-run",
    `${path} is damaged, or not the record of a run`,
    "put back a copy of it, or choose another --out folder",
  );
