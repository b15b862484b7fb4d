import type { Dataset } from "../data/dataset.ts";
import { infoOf } from "../data/datasetInfo.ts";
import { size } from "../engine/index.ts";
import { coresetAsSet } from "../evaluate/index.ts";
import type { ScoringCost } from "../evaluate/scoringCost.ts";
import type { AdviceReference } from "./advice.ts";
import { scoreOf, type TrialOptions } from "./trial.ts";

/** Epochs on all rows that are a reference, as a rule and at least. */
const usualEpochs = 20;
const leastEpochs = 5;
/** Steps of the reference beside those of a small set, where its epochs are fewer steps: of few rows twenty epochs are none. */
const timesSteps = 3;
/** Rows of a step. */
const batch = 256;
/** Bytes of all rows as float32, beyond which they are not trained on at once. */
const mostBytes = 2 ** 30;
/** The share of a budget that the reference may take of what trials would have. */
const mostShare = 0.15;

/** What training on all rows would cost, by what an image of the largest timed set did; nothing where they are too many. */
export interface ReferenceCost {
  readonly perEpoch: number;
  readonly beside: number;
  /** Why there can be none, if so. */
  readonly refused?: string;
}

/** The cost of the reference, by the scoring of sets: an epoch's seconds go by the images. */
export function referenceCost(dataset: Dataset, costs: readonly ScoringCost[]): ReferenceCost {
  const { counts, classes } = infoOf(dataset);
  const rows = counts.train.reduce((a, b) => a + b, 0);
  const { ipc, perEpoch, beside } = costs.reduce((a, b) => (a.ipc > b.ipc ? a : b));
  const refused =
    rows * size(dataset.shape) * 4 > mostBytes ? "all rows at once take more than 1 GiB of memory" : undefined;
  return { perEpoch: (perEpoch * rows) / (ipc * classes.length), beside, ...(refused && { refused }) };
}

/**
 * Epochs of the reference that fit into so many seconds; 0 where they are too few to be one.
 *
 * @param epochs of the sets, each a step of a small one
 */
export function referenceEpochs(
  { perEpoch, beside, refused }: ReferenceCost,
  { seconds, rows, epochs: ofSets }: { readonly seconds: number; readonly rows: number; readonly epochs: number },
): number {
  if (refused) return 0;
  const most = Math.max(usualEpochs, Math.ceil((timesSteps * ofSets) / Math.ceil(rows / batch)));
  const epochs = Math.min(most, Math.floor((seconds - beside) / perEpoch));
  return epochs >= leastEpochs ? epochs : 0;
}

/** Seconds that are kept for the whole reference where it takes little of a budget; else it has what is left at the end. */
export function reservedFor({ perEpoch, beside, refused }: ReferenceCost, budget: number): number {
  const seconds = 1.2 * (beside + usualEpochs * perEpoch);
  return refused || seconds > mostShare * budget ? 0 : seconds;
}

/** One network that is trained on all rows that are not held out. */
export async function reference(dataset: Dataset, epochs: number, options: TrialOptions): Promise<AdviceReference> {
  const set = await coresetAsSet(dataset, "full", 1, options.question.seed, options.signal);
  const question = { ...options.question, epochs, networks: 1 };
  const { score, seconds } = await scoreOf(set, dataset, { ...options, question });
  return { score, epochs, seconds };
}
