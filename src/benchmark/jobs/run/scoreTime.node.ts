import { probed } from "../../../evaluate/scoringCost.ts";
import { parseNetwork } from "../../../hypotheses/index.ts";
import type { Job } from "../job.ts";
import { datasetOf } from "./dataset.node.ts";
import type { Found, Running } from "./run.ts";

/** Times a few epochs of a network on a random subset, and its reading: what scoring a set of that size costs on this machine. */
export async function runScoreTime({ task }: Job<"score-time">, { signal }: Running): Promise<Found> {
  const { images, network, augmentation } = task;
  const dataset = await datasetOf(task.dataset);
  const options = { ipc: images, seed: 0, network: parseNetwork(network), augmentation, signal };
  const { perEpoch, beside } = await probed(dataset, options);
  return { status: "ok", outputs: {}, values: { perEpoch, beside } };
}
