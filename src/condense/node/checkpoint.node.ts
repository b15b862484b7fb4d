import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { readBytes } from "../../data/node/readBytes.node.ts";
import { writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError, type Tensor, tensor } from "../../engine/index.ts";
import type { Configuration } from "../configuration.ts";
import type { State } from "../state.ts";
import { checkpointName, checkpointNames, makeWay, removeCheckpoints } from "./ownCheckpoints.node.ts";

/** Checkpoints kept: the newest, and one to fall back on. */
const kept = 2;

/** The parts of a state that are tensors by name; in the file their names are joined by a slash. */
const parts = ["variables", "update", "hypotheses", "proxy"] as const;

type Numbers = Pick<State, "step" | "chunks" | "earlyLoss" | "spread">;
type StoredTensor = { shape: readonly number[]; data: Float32Array | Int32Array };

function flattened(state: State): Record<string, StoredTensor> {
  const all = parts.flatMap((part) =>
    Object.entries(state[part]).map(([name, { shape, data }]) => {
      if (data instanceof Float32Array || data instanceof Int32Array)
        return [`${part}/${name}`, { shape, data }] as const;
      throw new TypeError(`${part}/${name}: checkpoints hold float32 and int32`);
    }),
  );
  return Object.fromEntries(all);
}

function gathered(tensors: ReadonlyMap<string, { shape: readonly number[]; data: unknown }>, numbers: Numbers): State {
  const state = { ...numbers, variables: {}, update: {}, hypotheses: {}, proxy: {} } as State;
  for (const [path, { shape, data }] of tensors) {
    const at = path.indexOf("/");
    const part = state[path.slice(0, at) as (typeof parts)[number]] as Record<string, Tensor>;
    part[path.slice(at + 1)] = tensor(data as Float32Array, shape);
  }
  return state;
}

/** SHA-256 over the configuration and every field of the state. */
async function digest(head: string, tensors: Record<string, StoredTensor>): Promise<string> {
  const entries = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new TextEncoder().encode(
    JSON.stringify([head, entries.map(([name, { shape, data }]) => [name, shape, data.constructor.name])]),
  );
  const all = new Uint8Array(entries.reduce((sum, [, { data }]) => sum + data.byteLength, text.length));
  all.set(text);
  let at = text.length;
  for (const [, { data }] of entries) {
    all.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return sha256(all);
}

/** Writes a state with a hash of its content; older checkpoints beyond the last two are removed. */
export async function writeCheckpoint(folder: string, configuration: Configuration, state: State): Promise<void> {
  const identity = JSON.stringify(configuration);
  const { step, chunks, earlyLoss, spread } = state;
  const numbers = JSON.stringify({ step, chunks, earlyLoss, spread } satisfies Numbers);
  const tensors = flattened(state);
  const metadata = { configuration: identity, numbers, sha256: await digest(identity + numbers, tensors) };
  const path = join(folder, checkpointName(state.step));
  await makeWay(path);
  await writeAtomic(path, encodeSafetensors(tensors, metadata));
  await removeCheckpoints(folder, kept);
}

/**
 * The newest state that is whole; a damaged file is passed over for the one before it.
 *
 * @returns undefined where there is none.
 * @throws AttarError where the checkpoint belongs to another configuration, or all are damaged.
 */
export async function readCheckpoint(folder: string, configuration: Configuration): Promise<State | undefined> {
  const wanted = JSON.stringify(configuration);
  const files = await checkpointNames(folder);
  for (const file of files) {
    let state: State;
    let identity: string;
    try {
      const { tensors, metadata } = parseSafetensors(await readBytes(join(folder, file)), file);
      identity = metadata.configuration ?? "";
      const numbers = metadata.numbers ?? "";
      state = gathered(tensors, JSON.parse(numbers) as Numbers);
      if ((await digest(identity + numbers, flattened(state))) !== metadata.sha256) continue;
    } catch {
      continue;
    }
    if (identity !== wanted) throw otherConfiguration(JSON.parse(identity), configuration);
    return state;
  }
  if (files.length === 0) return undefined;
  throw new AttarError(
    "damaged-checkpoint",
    `no checkpoint in ${folder} is as it was written: ${files.join(", ")}`,
    "put back a copy of them, or start over with --force",
    1,
  );
}

/** The refusal to continue a run of another configuration: what differs. */
export function otherConfiguration(theirs: Record<string, unknown>, configuration: Configuration): AttarError {
  const mine = configuration as unknown as Record<string, unknown>;
  const differs = Object.keys(mine).filter((k) => JSON.stringify(mine[k]) !== JSON.stringify(theirs[k]));
  const unrecorded = differs.filter((k) => theirs[k] === undefined);
  if (unrecorded.length > 0 && unrecorded.length === differs.length)
    return new AttarError(
      "other-configuration",
      `the run there was begun by an earlier attar, which did not record ${unrecorded.join(" and ")}: it may be of other data`,
      "start over with --force, or choose another --out folder",
    );
  const told = (k: string) =>
    k === "classes"
      ? "classes of other names or in another order"
      : `${k} ${JSON.stringify(theirs[k]) ?? "not recorded"} (now ${JSON.stringify(mine[k])})`;
  return new AttarError(
    "other-configuration",
    `the run there has another configuration: ${differs.map(told).join(", ")}`,
    "repeat the original options, or choose another --out folder",
  );
}
