import { existsSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { readRaw } from "../../data/node/readBytes.node.ts";
import { makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/errors.ts";
import type { Shadow, ShadowStore } from "../shadow.ts";

const format = "attar-shadow-1";

/**
 * Models of audits in a folder, a file each, named by what determines it: whole, or not there.
 *
 * @param resume whether those already there count; otherwise they are made anew
 */
export function shadowFolder(folder: string, resume: boolean): ShadowStore {
  const pathOf = async (id: string) =>
    join(folder, `${(await sha256(new TextEncoder().encode(id))).slice(0, 32)}.safetensors`);
  return {
    async get(id) {
      const path = await pathOf(id);
      return resume && existsSync(path) ? parsed(await readRaw(path), path, id) : undefined;
    },
    async set(id, { confidences, population, distances, ...facts }) {
      await makeFolder(folder);
      const tensors = Object.fromEntries(
        Object.entries({ confidences, population, distances }).map(([name, data]) => [
          name,
          { shape: [data.length], data },
        ]),
      );
      const { copies, ...others } = facts;
      const said = JSON.stringify({ ...others, ...(Number.isFinite(copies) && { copies }) });
      await writeAtomic(await pathOf(id), encodeSafetensors(tensors, { format, id, facts: said }));
    },
  };
}

/** The shadow of a file; undefined where it is of something else, or damaged: it is made again then. */
function parsed(bytes: Uint8Array, path: string, id: string): Shadow | undefined {
  try {
    const { tensors, metadata } = parseSafetensors(bytes, path);
    if (metadata.format !== format || metadata.id !== id) return undefined;
    const array = (name: string) => Float64Array.from(tensors.get(name)!.data as Float64Array);
    const facts = JSON.parse(metadata.facts!) as Omit<Shadow, "confidences" | "population" | "distances">;
    return {
      confidences: array("confidences"),
      population: array("population"),
      distances: array("distances"),
      ...facts,
      copies: facts.copies ?? Number.NaN,
    };
  } catch (error) {
    if (error instanceof AttarError || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
