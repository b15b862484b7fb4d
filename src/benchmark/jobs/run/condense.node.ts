import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { artefactCache } from "../../../artefacts/node/artefactCache.node.ts";
import { artefactsOf, type CondenseOptions, resolveConfiguration } from "../../../condense/index.ts";
import { condenseToFolder } from "../../../condense/node/runFolder.node.ts";
import type { CondensedSet, Dataset } from "../../../data/dataset.ts";
import { parseStrictJson } from "../../../data/formats/strictJson.ts";
import { parseCondensed } from "../../../data/index.ts";
import { AttarError } from "../../../engine/errors.ts";
import { adapted } from "../../../evaluate/adapt.ts";
import { factsOf } from "../../../evaluate/protocol.ts";
import { setDigest } from "../../../evaluate/scores.ts";
import { type Storage, storageOf } from "../../../evaluate/storage.ts";
import { parseNetwork } from "../../../hypotheses/index.ts";
import { type Method, methodNamed } from "../../../methods/index.ts";
import { type Claim, checkedClaim } from "../../../privacy/index.ts";
import { keyOf } from "../../plan/key.node.ts";
import type { CondenseTask, Job } from "../job.ts";
import { bringArtefacts } from "./bringArtefacts.node.ts";
import { datasetOf } from "./dataset.node.ts";
import type { Found, Running } from "./run.ts";

/** The claim of a private run as a result keeps it; the whole of it is among its outputs. */
export type KeptClaim = Pick<Claim, "epsilon" | "delta" | "relation" | "unit" | "against">;

/** A condensation as `attar condense --resume` runs it, in the job's folder; a run that diverges has that as its result. */
export async function runCondense(job: Job<"condense">, running: Running): Promise<Found> {
  const { store, folder, signal, onStep, onNote } = running;
  const { dataset, method, options } = await ask(job.task);
  checkKey(job, dataset, method, options);
  const run = join(folder, "run");
  const artefacts = artefactCache({
    signal,
    onWait: onNote,
    onMissing: (count, kept, { noun }) => onNote(`${count} of ${noun} trained first: ${kept}`),
    onEpoch: (done, total) => onStep(0, Math.max(1, total - done)),
  });
  if (job.artefacts) {
    const specs = await artefactsOf(dataset, resolveConfiguration(dataset, method, options));
    await bringArtefacts(specs, job.artefacts, store);
  }
  let [last, steps] = [0, 0];
  try {
    const resume = existsSync(join(run, "run.json"));
    for await (const event of condenseToFolder(dataset, method, run, {
      ...options,
      artefacts,
      signal,
      onNote,
      resume,
    })) {
      if (event.event === "step") {
        [last, steps] = [event.step, event.steps];
        onStep(last, steps);
      }
    }
  } catch (error) {
    if (!(error instanceof AttarError) || error.exitCode !== 3) throw error;
    return { status: "diverged", reason: error.message, outputs: {}, values: {} };
  }
  const bytes = new Uint8Array(readFileSync(join(run, "condensed.safetensors")));
  const set = parseCondensed(bytes, run);
  const stepsOf = resolveConfiguration(dataset, method, options).steps;
  const outputs = {
    set: await store.keep(bytes),
    ...(await kept(store, { grid: join(run, "grid.png"), privacy: join(run, "privacy.json") })),
  };
  return {
    status: "ok",
    outputs,
    values: { ...(await describe(set, dataset)), steps: stepsOf, ...claimIn(join(run, "privacy.json")) },
    beside: await kept(store, { events: join(run, "events.ndjson") }),
  };
}

/** The dataset, method and options that a task names. */
export async function ask(task: CondenseTask): Promise<{ dataset: Dataset; method: Method; options: CondenseOptions }> {
  const { network, ...rest } = task.options;
  const method = typeof task.method === "string" ? methodNamed(task.method) : task.method;
  const options: CondenseOptions = {
    ...rest,
    ...(network !== undefined && { network: parseNetwork(network) }),
    ...(typeof task.method !== "string" && { record: task.method }),
  };
  return { dataset: await datasetOf(task.dataset), method, options };
}

/** Refuses a job that another version of attar planned: what it would compute belongs under another key. */
export function checkKey(
  job: Job<"condense"> | Job<"time">,
  dataset: Dataset,
  method: Method,
  options: CondenseOptions,
) {
  const configuration = resolveConfiguration(dataset, method, options);
  const { kind, version, inputs } = job;
  if (keyOf({ kind, version, configuration, inputs }) === job.key) return;
  throw new AttarError(
    "other-plan",
    `${job.name} comes to another configuration here than where it was planned: other data under ${dataset.name}, or another version of attar`,
    "use one version and the same data on all machines, then run the study again",
  );
}

/** What a study needs to know of a set besides its file. */
export async function describe(set: CondensedSet, dataset: Dataset) {
  return {
    content: await setDigest(set, adapted(dataset, set).normalisation),
    facts: factsOf(set),
    bytes: bytesOf(set),
  };
}

/** The bytes that a set takes to keep, as a result has them. */
export interface KeptBytes {
  /** The least form that is whole: images, or what they are decoded from. */
  readonly images: number;
  readonly labels: number;
  /** Every form by itself, where it has more than one. */
  readonly forms?: Pick<Storage, "images" | "codes" | "codesAndDecoder" | "outside">;
}

function bytesOf(set: CondensedSet): KeptBytes {
  const { least, labels, ...forms } = storageOf(set);
  return { images: least - labels, labels, ...(forms.codes !== undefined && { forms }) };
}

/** What a private run claims, its ε computed anew from its releases. */
function claimIn(path: string): { readonly privacy?: KeptClaim } {
  if (!existsSync(path)) return {};
  const { recomputed, delta, relation, unit, against } = checkedClaim(
    parseStrictJson(readFileSync(path, "utf8"), path),
    path,
  );
  return { privacy: { epsilon: recomputed, delta, relation, unit, against } };
}

async function kept(store: Running["store"], files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, path] of Object.entries(files))
    if (existsSync(path)) digests[name] = await store.keep(new Uint8Array(readFileSync(path)));
  return digests;
}
