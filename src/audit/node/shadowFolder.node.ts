import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { condenseToFolder } from "../../condense/node/runFolder.node.ts";
import { sha256 } from "../../data/checksum.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { readRaw, readTextIfAny } from "../../data/node/readBytes.node.ts";
import { makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/errors.ts";
import { type Claim, checkedClaim } from "../../privacy/index.ts";
import { inSpaces } from "../attacks/index.ts";
import type { Condensation, CondensationOrder, Shadow, ShadowStore } from "../shadow.ts";

const format = "attar-shadow-2";

/**
 * Models of audits in a folder, a file each, named by what determines it: whole, or not there. While a set is condensed, its run lies
 * in a folder of its own beside them, with its checkpoints and of a private one its key; it goes when the model is there.
 *
 * @param resume whether those already there count, and runs under way go on; otherwise they are made anew
 */
export function shadowFolder(folder: string, resume: boolean): ShadowStore {
  const nameOf = async (id: string) => (await sha256(new TextEncoder().encode(id))).slice(0, 32);
  const pathOf = async (id: string) => join(folder, `${await nameOf(id)}.safetensors`);
  const runOf = async (id: string) => join(folder, `${await nameOf(id)}.run`);
  return {
    async get(id) {
      const path = await pathOf(id);
      return resume && existsSync(path) ? parsed(await readRaw(path), path, id) : undefined;
    },
    async set(id, shadow) {
      await makeFolder(folder);
      const { copies, ...facts } = factsOf(shadow);
      const said = JSON.stringify({ ...facts, ...(Number.isFinite(copies) && { copies }) });
      await writeAtomic(await pathOf(id), encodeSafetensors(tensorsOf(shadow), { format, id, facts: said }));
      await rm(await runOf(id), { recursive: true, force: true });
    },
    condensed: async (id, order) => condensedInFolder(await runOf(id), resume, order),
  };
}

/** A condensation in a run folder: it goes on where it was interrupted, under the key that it began with. */
async function condensedInFolder(
  run: string,
  resume: boolean,
  { half, method, options, onStep }: CondensationOrder,
): Promise<Condensation> {
  const begun = existsSync(join(run, "run.json"));
  const made = condenseToFolder(half, method, run, {
    ...options,
    snapshotEvery: Number.MAX_SAFE_INTEGER,
    resume: resume && begun,
    force: !resume && begun,
  });
  for (;;) {
    const { value, done } = await made.next();
    if (done) return { set: value, claim: await claimIn(join(run, "privacy.json")) };
    if (value.event === "step") onStep(value.step, value.steps);
  }
}

async function claimIn(path: string): Promise<Claim | undefined> {
  const text = await readTextIfAny(path);
  if (text === undefined) return undefined;
  const { recomputed: _, ...claim } = checkedClaim(parseStrictJson(text, path), path);
  return claim;
}

/** The arrays of a shadow by the names of tensors. */
const arraysOf = ({ confidences, population, views, outputs, distances }: Shadow) => ({
  ...{ confidences, population, views, outputs },
  ...Object.fromEntries(Object.entries(distances).map(([space, own]) => [`distances.${space}`, own])),
});

const tensorsOf = (shadow: Shadow) =>
  Object.fromEntries(Object.entries(arraysOf(shadow)).map(([name, data]) => [name, { shape: [data.length], data }]));

const factsOf = ({ confidences: _, population: _p, views: _v, outputs: _o, distances: _d, ...facts }: Shadow) => facts;

/** The shadow of a file; undefined where it is of something else, or damaged: it is made again then. */
function parsed(bytes: Uint8Array, path: string, id: string): Shadow | undefined {
  try {
    const { tensors, metadata } = parseSafetensors(bytes, path);
    if (metadata.format !== format || metadata.id !== id) return undefined;
    const array = (name: string) => Float64Array.from(tensors.get(name)!.data as Float64Array);
    const facts = JSON.parse(metadata.facts!) as ReturnType<typeof factsOf>;
    return {
      confidences: array("confidences"),
      population: array("population"),
      views: array("views"),
      outputs: Float32Array.from(tensors.get("outputs")!.data as Float32Array),
      distances: inSpaces((space) => array(`distances.${space}`)),
      ...facts,
      copies: facts.copies ?? Number.NaN,
    };
  } catch (error) {
    if (error instanceof AttarError || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
