import { keyOf } from "../plan/key.node.ts";
import { type AuditSize, type Job, type ScoreProtocol, versions } from "./job.ts";

/**
 * The job that attacks membership of a method at its settings: halves of the training split are condensed, networks of an
 * architecture trained on each. It is of the method, not of the set that the study has of it.
 */
export function auditJob(
  { configuration, task, name, work }: Job<"condense">,
  network: string,
  { epochs, seed }: ScoreProtocol,
  size: AuditSize,
): Job<"audit"> {
  const asked = { network, seed, ...(epochs !== undefined && { epochs }), ...size };
  const determined = {
    kind: "audit",
    version: versions.audit,
    configuration: { condense: configuration, ...asked },
    inputs: [],
  } as const;
  return {
    ...determined,
    key: keyOf(determined),
    name: `${name}/audit`,
    task: { condense: task, ...asked },
    work: size.shadows * work,
  };
}
