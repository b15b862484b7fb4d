import { keyOf } from "../plan/key.node.ts";
import { type Job, versions } from "./job.ts";

/** The job that times steps of a condensation, alone on a machine, and counts their multiply-adds. */
export function timeJob({ configuration, task, name, work, memory = 0 }: Job<"condense">): Job<"time"> {
  const determined = { kind: "time", version: versions.time, configuration, inputs: [] } as const;
  return {
    ...determined,
    key: keyOf(determined),
    name: `${name}/time`,
    task,
    exclusive: true,
    work: work / 100,
    memory,
  };
}
