import type { Dataset } from "../data/dataset.ts";
import type { Runtime } from "../engine/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import { coresetAsSet } from "./coreset.ts";
import { evaluate } from "./evaluate.ts";

/** What scoring a set of a size costs, measured. */
export interface ScoringCost {
  readonly ipc: number;
  /** Seconds of an epoch. */
  readonly perEpoch: number;
  /** Seconds of a network beside its epochs: compiling, and reading it on the test split. */
  readonly beside: number;
}

/** Seconds that a network takes on a set of a size. */
export const networkSeconds = (cost: Pick<ScoringCost, "perEpoch" | "beside">, epochs: number): number =>
  cost.beside + epochs * cost.perEpoch;

/** Epochs that are timed. */
const epochs = 6;

export interface ProbeOptions {
  readonly ipc: number;
  readonly seed: number;
  readonly network: NetworkSpec;
  /** As `evaluate` takes it. */
  readonly augmentation?: string;
  readonly signal?: AbortSignal;
  readonly runtime?: Runtime;
}

/** Times the scoring of a set of a size: a few epochs of one network on a random subset, and its reading. */
export async function probed(dataset: Dataset, { ipc, seed, network, ...options }: ProbeOptions): Promise<ScoringCost> {
  const set = await coresetAsSet(dataset, "random", ipc, seed, options.signal);
  const began = performance.now();
  const ends: number[] = [];
  await evaluate(set, dataset, {
    ...options,
    networks: [network],
    repeats: 1,
    epochs,
    seed,
    baselines: [],
    onProgress: () => ends.push((performance.now() - began) / 1000),
  });
  const all = (performance.now() - began) / 1000;
  // A network in closed form has no epochs. Of others the first is compiled; the one in the middle of the others is no pause's.
  const each = ends
    .slice(1)
    .map((end, i) => end - ends[i]!)
    .sort((a, b) => a - b);
  const perEpoch = each[Math.floor(each.length / 2)] ?? (ends.length > 0 ? all / epochs : 0);
  return { ipc, perEpoch, beside: Math.max(0, all - epochs * perEpoch) };
}
