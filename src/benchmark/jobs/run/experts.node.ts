import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeArtefact } from "../../../artefacts/file.ts";
import type { ArtefactSpec } from "../../../artefacts/index.ts";
import { artefactCache } from "../../../artefacts/node/artefactCache.node.ts";
import { readMember } from "../../../artefacts/node/artefactFile.node.ts";
import { memberName } from "../../../artefacts/node/artefactFolder.node.ts";
import { artefactsOf, resolveConfiguration } from "../../../condense/index.ts";
import { sha256 } from "../../../data/checksum.ts";
import { infoOf } from "../../../data/datasetInfo.ts";
import { AttarError } from "../../../engine/errors.ts";
import { expertsJobs } from "../experts.node.ts";
import type { Job } from "../job.ts";
import { ask } from "./condense.node.ts";
import type { Found, Running } from "./run.ts";

/**
 * Makes the members of an artefact in this machine's cache, where `attar condense` finds them, too, and keeps a copy of each in the
 * store for other machines. Killed, it goes on after the last whole epoch of the member under way.
 */
export async function runExperts(job: Job<"experts">, { store, signal, onStep, onNote }: Running): Promise<Found> {
  const { dataset, method, options } = await ask(job.task.condense);
  const configuration = resolveConfiguration(dataset, method, options);
  const { name, task } = job;
  const planned = expertsJobs(infoOf(dataset), configuration)(name, task.condense, configuration.seed);
  const place = planned.findIndex(({ key }) => key === job.key);
  const spec = place < 0 ? undefined : (await artefactsOf(dataset, configuration))[place];
  if (!spec)
    throw new AttarError(
      "other-plan",
      `${name} comes to other ${task.artefact} here than where it was planned: other data under ${dataset.name}, or another version of attar`,
      "use one version and the same data on all machines, then run the study again",
    );
  const cache = artefactCache({
    signal,
    onWait: onNote,
    onMissing: (count, where, { noun }) => onNote(`${count} of ${noun} to train: ${where}`),
    onEpoch: (done, total) => onStep(done, total),
  });
  try {
    const members = await cache.open(spec);
    const { where } = await cache.there!(spec);
    const contents: string[] = [];
    const files: Record<string, string> = {};
    for (let index = 0; index < spec.count; index++) {
      signal.throwIfAborted();
      const path = join(where, memberName(spec.kind, index));
      files[memberName(spec.kind, index)] = await store.keep(new Uint8Array(await readFile(path)));
      contents.push(await contentOf(spec, index, path));
    }
    members.dispose?.();
    return { status: "ok", outputs: {}, values: { contents }, measured: { members: files } };
  } catch (error) {
    if (!(error instanceof AttarError) || error.exitCode !== 3) throw error;
    return { status: "diverged", reason: error.message, outputs: {}, values: {} };
  }
}

/** SHA-256 of what a member is: its tensors, and its notes but for whom it was made by. */
async function contentOf({ kind, identity }: ArtefactSpec, index: number, path: string): Promise<string> {
  const { notes, tensors } = await readMember(kind, path);
  const { by: _, ...own } = notes;
  return sha256(await encodeArtefact(kind, { identity, index, notes: own, tensors }));
}
