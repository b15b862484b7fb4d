import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { readBytes } from "../../data/node/readBytes.node.ts";
import { writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";
import type { Configuration } from "../configuration.ts";
import type { State } from "../state.ts";

/** Checkpoints kept: the newest, and one to fall back on. */
const kept = 2;

const bytesOf = (data: Float32Array) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** SHA-256 over the configuration and every field of the state. */
async function digest(configuration: string, { step, chunk, earlyLoss, images, velocity }: State): Promise<string> {
  const head = new TextEncoder().encode(`${configuration}|${step}|${chunk}|${earlyLoss}|`);
  const all = new Uint8Array(head.length + images.byteLength + velocity.byteLength);
  all.set(head);
  all.set(bytesOf(images), head.length);
  all.set(bytesOf(velocity), head.length + images.byteLength);
  return sha256(all);
}

/** Writes a state with a hash of its content; older checkpoints beyond the last two are removed. */
export async function writeCheckpoint(folder: string, configuration: Configuration, state: State): Promise<void> {
  const identity = JSON.stringify(configuration);
  const tensors = {
    images: { shape: [state.images.length], data: state.images },
    velocity: { shape: [state.velocity.length], data: state.velocity },
  };
  const metadata = {
    configuration: identity,
    step: String(state.step),
    chunk: String(state.chunk),
    earlyLoss: String(state.earlyLoss),
    sha256: await digest(identity, state),
  };
  await writeAtomic(
    join(folder, `state-${String(state.step).padStart(8, "0")}.safetensors`),
    encodeSafetensors(tensors, metadata),
  );
  for (const old of (await checkpoints(folder)).slice(kept)) await rm(join(folder, old), { force: true });
}

/** File names, newest first. */
async function checkpoints(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => [] as string[]);
  return files
    .filter((f) => /^state-\d+\.safetensors$/.test(f))
    .sort()
    .reverse();
}

/**
 * The newest state that is whole; a damaged file is passed over for the one before it.
 *
 * @returns undefined where there is none.
 * @throws AttarError where the checkpoint belongs to another configuration.
 */
export async function readCheckpoint(folder: string, configuration: Configuration): Promise<State | undefined> {
  const wanted = JSON.stringify(configuration);
  for (const file of await checkpoints(folder)) {
    let state: State;
    let identity: string;
    try {
      const { tensors, metadata } = parseSafetensors(await readBytes(join(folder, file)), file);
      identity = metadata.configuration ?? "";
      state = {
        step: Number(metadata.step),
        images: tensors.get("images")?.data as Float32Array,
        velocity: tensors.get("velocity")?.data as Float32Array,
        chunk: Number(metadata.chunk),
        earlyLoss: Number(metadata.earlyLoss),
      };
      if ((await digest(identity, state)) !== metadata.sha256) continue;
    } catch {
      continue;
    }
    if (identity !== wanted) throw otherConfiguration(identity, configuration);
    return state;
  }
  return undefined;
}

function otherConfiguration(identity: string, configuration: Configuration): AttarError {
  const theirs = JSON.parse(identity) as Record<string, unknown>;
  const mine = configuration as unknown as Record<string, unknown>;
  const differs = Object.keys(mine).filter((k) => JSON.stringify(mine[k]) !== JSON.stringify(theirs[k]));
  const list = differs.map((k) => `${k} ${JSON.stringify(theirs[k])} (now ${JSON.stringify(mine[k])})`).join(", ");
  return new AttarError(
    "other-configuration",
    `the checkpoint belongs to another configuration: ${list}`,
    "repeat the original options, or choose another --out folder",
  );
}
