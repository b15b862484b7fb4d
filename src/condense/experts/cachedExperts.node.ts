import { homedir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import type { Dataset } from "../../data/dataset.ts";
import { namePart } from "../../data/namePart.ts";
import { setAside } from "../../data/node/setAside.node.ts";
import { AttarError, currentRuntime } from "../../engine/index.ts";
import type { Experts } from "../../hypotheses/index.ts";
import { DamagedExpert, type ExpertConfiguration } from "./expertContent.ts";
import { listExperts, openExperts } from "./expertFolder.node.ts";
import type { ExpertOrder, ExpertSource } from "./expertSource.ts";
import { expertTrainer } from "./expertTraining.ts";
import { configurationOf, type ExpertsOptions, trainExperts } from "./trainExperts.node.ts";

export interface CachedExpertsOptions extends Pick<ExpertsOptions, "signal" | "onWait"> {
  /** Folders of `attar experts` that are looked into first. */
  readonly folders?: (order: ExpertOrder, dataset: Dataset) => readonly string[];
  /** Called for each damaged file of the cache; what is damaged is trained again. */
  readonly onDamaged?: ExpertsOptions["onDamaged"];
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
    const runtime = currentRuntime();
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
      const { onDamaged } = options;
      const kind = { network, count, images, recipe, seed };
      await trainExperts(dataset, folder, { ...kind, signal, onWait, onEpoch, onDamaged, runtime });
    }
    return healing(limited(await openExperts(folder), count));
  };
}

/** Experts of the cache: a file that turns out to be damaged when it is read is renamed, so that the next run trains it again. */
function healing(experts: Experts): Experts {
  return {
    ...experts,
    async at(index, epoch) {
      try {
        return await experts.at(index, epoch);
      } catch (error) {
        if (!(error instanceof DamagedExpert)) throw error;
        throw new AttarError(
          error.code,
          `${error.message}; it is now ${await setAside(error.path)}`,
          "The same command trains it again and goes on.",
          1,
        );
      }
    },
  };
}

/** The number of experts of a folder from the first on without a gap, where all are of this configuration; else 0. */
async function ready(folder: string, configuration: ExpertConfiguration): Promise<number> {
  const identity = JSON.stringify(configuration);
  const entries = await listExperts(folder).catch(() => []);
  if (!entries.every((e) => JSON.stringify(e.configuration) === identity)) return 0;
  const gap = entries.findIndex(({ index }, i) => index !== i);
  return gap < 0 ? entries.length : gap;
}

/** The first experts alone, so that a run does not depend on how many there are beyond. */
const limited = (experts: Experts, count: number): Experts => ({ ...experts, count });

async function cacheFolder(configuration: ExpertConfiguration): Promise<string> {
  const digest = await sha256(new TextEncoder().encode(JSON.stringify(configuration)));
  const { dataset, network } = configuration;
  const name = `${namePart(`${dataset}-${network}`)}-${digest.slice(0, 12)}`;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "attar", "experts", name);
}
