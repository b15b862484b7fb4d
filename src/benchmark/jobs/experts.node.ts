import { artefactsNeeded, type Configuration } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { keyOf } from "../plan/key.node.ts";
import { type CondenseTask, type Job, versions } from "./job.ts";

/**
 * The jobs that make the artefacts of a condensation: experts, teachers, an encoder. Cells that share one have the same job, by its key:
 * what determines the members and how many there are.
 *
 * @param name the condensation's: the jobs are named after its dataset
 * @returns those of every seed, made from those of one: nothing else differs
 */
export function expertsJobs(
  info: DatasetInfo,
  configuration: Configuration,
): (name: string, task: CondenseTask, seed: number) => readonly Job<"experts">[] {
  const needed = artefactsNeeded(info, configuration);
  const numbers = size(arrayShape(info.domain));
  return (name, condense, seed) =>
    needed.map(({ kind: artefact, identity, count, trainedImages }) => {
      const determined = {
        kind: "experts",
        version: versions.experts,
        configuration: { artefact, members: count, identity: { ...identity, seed } },
        inputs: [],
      } as const;
      const key = keyOf(determined);
      const work = trainedImages * count * numbers;
      return {
        ...determined,
        key,
        name: `${artefact}/${datasetIn(name)}/${key.slice(0, 12)}`,
        task: { artefact, condense },
        work,
      };
    });
}

/** The dataset in a set's name, subject/dataset/ipc1/seed0. */
const datasetIn = (name: string) => name.slice(name.indexOf("/") + 1).replace(/\/ipc\d+\/(seed|rung)\d+$/, "");
