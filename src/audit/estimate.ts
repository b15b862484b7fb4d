import { type CondenseOptions, estimate } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Runtime } from "../engine/index.ts";
import { coresetAsSet, evaluate, protocolFor } from "../evaluate/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/index.ts";

/** What one model of an audit costs on this machine, as timed before the first is made. */
export interface ModelCost {
  /** Seconds of a condensation: two steps are timed. */
  readonly condensed: number;
  /** Seconds of the networks on a set: some epochs on a random subset are timed. */
  readonly trained: number;
  readonly steps: number;
  readonly epochs: number;
}

/** Epochs that are timed: what a network takes besides its epochs is in both. */
const [few, more] = [2, 6] as const;

export interface CostOptions {
  readonly condense: CondenseOptions;
  readonly network: NetworkSpec;
  readonly repeats: number;
  readonly epochs?: number | undefined;
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Estimates what a model costs. @param half the dataset of one */
export async function costOfModel(half: Dataset, method: Method, options: CostOptions): Promise<ModelCost> {
  const { condense, network, repeats, runtime, signal } = options;
  const common = { ...(runtime && { runtime }), ...(signal && { signal }) };
  const { configuration, measuredSeconds = 0 } = await estimate(half, method, {
    ...condense,
    ...common,
    measure: !isCoreset(method),
  });
  const { ipc, augmentation, steps } = configuration;
  const set = { ...(await coresetAsSet(half, "random", ipc, 0, signal)), augmentation };
  const seconds = async (epochs: number) => {
    const began = performance.now();
    await evaluate(set, half, { networks: [network], repeats: 1, epochs, baselines: [], anyContrast: true, ...common });
    return (performance.now() - began) / 1000;
  };
  const [short, long] = [await seconds(few), await seconds(more)];
  const { recipe } = await protocolFor(half, { augmentation: augmentation || "none", epochs: options.epochs });
  const each = Math.max(0, long - short) / (more - few);
  return {
    condensed: measuredSeconds,
    trained: short + repeats * each * recipe.epochs,
    steps,
    epochs: recipe.epochs,
  };
}
