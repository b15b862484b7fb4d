import { methodFrom, recipeFor } from "../../condense/index.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import { parseNetwork } from "../../hypotheses/index.ts";
import { isCoreset, type Method } from "../../methods/method.ts";
import type { Candidate } from "./candidates.node.ts";

/**
 * A candidate as a record that stands by itself: `attar condense --method` makes of it what the exploration did, with as many steps.
 *
 * @param where the study's file
 */
export function standingRecord(
  { subject }: Candidate,
  steps: number,
  info: DatasetInfo,
  ipc: number,
  where: string,
): Method {
  const { method, options } = subject.made;
  const { laptop: _, row: _row, ...rest } = method;
  if (isCoreset(method)) return methodFrom(rest);
  const { preset, network, settings, steps: _steps, ...own } = options;
  const set = { ...recipeFor(method, preset, info, ipc).set, ...own, ...settings, steps };
  const source = `attar benchmark explore ${where}: ${info.name} at ${ipc} images a class`;
  return methodFrom({
    ...rest,
    ...(network !== undefined && { network: parseNetwork(network) }),
    recipe: [{ when: {}, set, source }],
  });
}
