import { type Configuration, resolveConfiguration } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { keyOf } from "../plan/key.node.ts";
import type { Subject } from "../study/resolved.ts";
import { expertsJobs } from "./experts.node.ts";
import { type CondenseTask, type Job, type Source, versions } from "./job.ts";
import { memoryOfCondensing } from "./memory.ts";

type ByMethod = Extract<Subject["made"], { by: "method" }>;

/**
 * The job of a condensation, for every seed: a configuration is resolved once, and seeds differ in nothing else.
 *
 * @throws AttarError as `resolveConfiguration` does for what cannot be
 */
export function condenseJob(
  dataset: Source,
  info: DatasetInfo,
  { named, options, given, method }: ByMethod,
  ipc: number,
  first: number,
): (name: string, seed: number) => { readonly job: Job<"condense">; readonly artefacts: readonly Job<"experts">[] } {
  const resolved = resolveConfiguration(info, method, { ...given, preset: options.preset, ipc, seed: first });
  const work = workOf(info, resolved);
  const memory = memoryOfCondensing(info, resolved);
  const artefactsFor = expertsJobs(info, resolved);
  return (name, seed) => {
    const configuration: Configuration = { ...resolved, seed };
    const task: CondenseTask = { dataset, method: named, options: { ...options, ipc, seed } };
    const determined = { kind: "condense", version: versions.condense, configuration, inputs: [] } as const;
    const artefacts = artefactsFor(name, task, seed);
    const needs = artefacts.length > 0 && { artefacts: artefacts.map(({ key }) => key) };
    return { job: { ...determined, key: keyOf(determined), name, task, work, memory, ...needs }, artefacts };
  };
}

/** The numbers of images that steps look at, real and synthetic; of a coreset those that it chooses from. */
function workOf({ domain, classes, counts }: DatasetInfo, { steps, realBatch, ipc }: Configuration): number {
  const all = counts.train.reduce((sum, count) => sum + count, 0);
  const images = steps > 0 ? steps * classes.length * (realBatch + 3 * ipc) : all;
  return images * size(arrayShape(domain));
}
