import { homedir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Experts } from "../../hypotheses/index.ts";
import type { ExpertConfiguration } from "./expertFile.node.ts";
import { listExperts, openExperts } from "./expertFolder.node.ts";
import type { ExpertOrder, ExpertSource } from "./expertSource.ts";
import { expertTrainer } from "./expertTraining.ts";
import { configurationOf, type ExpertsOptions, trainExperts } from "./trainExperts.node.ts";

export interface CachedExpertsOptions extends Pick<ExpertsOptions, "signal" | "onWait"> {
  /** Folders of `attar experts` that are looked into first. */
  readonly folders?: (order: ExpertOrder, dataset: Dataset) => readonly string[];
  /** Called where experts are missing and will be trained. */
  readonly onMissing?: (count: number, folder: string) => void;
  /** Called after every epoch of training, `done` of all of them. */
  readonly onEpoch?: (done: number, total: number, expert: number) => void;
}

/**
 * Experts kept on disk: those of one of the folders where they are of the kind asked for and enough, else those of the cache,
 * $XDG_CACHE_HOME/attar/experts or ~/.cache/attar/experts, where what is missing is trained. Interrupted, it goes on from the
 * last whole epoch.
 */
export function cachedExperts(options: CachedExpertsOptions = {}): ExpertSource {
  return async (dataset, order) => {
    const { network, count, images, recipe, seed } = order;
    const configuration = configurationOf(dataset, expertTrainer(dataset, order), recipe, seed);
    for (const folder of options.folders?.(order, dataset) ?? [])
      if ((await ready(folder, configuration)) >= count) return limited(await openExperts(folder), count);
    const folder = await cacheFolder(configuration);
    const there = await ready(folder, configuration);
    if (there < count) {
      options.onMissing?.(count - there, folder);
      const { signal, onWait } = options;
      const onEpoch: ExpertsOptions["onEpoch"] = ({ expert, epoch, epochs }) =>
        options.onEpoch?.(expert * epochs + epoch, count * epochs, expert);
      await trainExperts(dataset, folder, { network, count, images, recipe, seed, signal, onWait, onEpoch });
    }
    return limited(await openExperts(folder), count);
  };
}

/** Experts of a folder that are of this configuration. */
async function ready(folder: string, configuration: ExpertConfiguration): Promise<number> {
  const identity = JSON.stringify(configuration);
  const entries = await listExperts(folder).catch(() => []);
  return entries.every((e) => JSON.stringify(e.configuration) === identity) ? entries.length : 0;
}

/** The first experts alone, so that a run does not depend on how many there are beyond. */
const limited = (experts: Experts, count: number): Experts => ({ ...experts, count });

async function cacheFolder(configuration: ExpertConfiguration): Promise<string> {
  const digest = await sha256(new TextEncoder().encode(JSON.stringify(configuration)));
  const { dataset, network } = configuration;
  const name = `${dataset}-${network}-${digest.slice(0, 12)}`.replace(/[^\w.=-]+/g, "_");
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "attar", "experts", name);
}
