import type { Dataset } from "../data/dataset.ts";
import { AttarError, randomKey } from "../engine/index.ts";
import type { TrainOptions } from "../hypotheses/index.ts";
import { augmentBatch, parseAugmentation } from "../tricks/index.ts";
import type { Learner } from "./learner.ts";
import type { TrainingProgress } from "./progress.ts";
import { readingsOfProtocol } from "./protocol.ts";
import { isReadingValue, namesOfValues, read, type TrainedNetwork } from "./readings/index.ts";
import { type Score, type ScoreStore, scoreKey } from "./scores.ts";
import { standardised } from "./standardised.ts";
import type { Subject } from "./subjects.ts";
import { type Summary, summary } from "./summary.ts";

export interface NetworkResult {
  /** The network as the command line writes it, e.g. "convnet:width=64". */
  readonly net: string;
  /** The share of the test split that is classified correctly, in 0..1; left out where numbers are predicted. */
  readonly accuracy?: Summary;
  /** Every other value that the protocol reads, by name: where numbers are predicted r2 first; left out where accuracy is all. */
  readonly readings?: Readonly<Record<string, Summary>>;
  readonly seconds: number;
}

/** The place of a trained network in an evaluation. */
export interface TrainedFor {
  /** The set that it was trained on: a method's name, a coreset rule or "full". */
  readonly subject: string;
  readonly net: string;
  /** 0 for the first network of its kind. */
  readonly repeat: number;
}

export interface ScoreOptions {
  readonly scores?: ScoreStore;
  readonly trainKept?: boolean;
  readonly signal?: AbortSignal;
  readonly onTrained?: (network: TrainedNetwork, trained: TrainedFor) => unknown;
  /** Called after each reading of a trained network, with the seconds that it took; not of networks whose scores are kept. */
  readonly onReading?: (reading: string, seconds: number) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** Trains networks of one architecture on a subject, as often as its protocol says, and takes its readings of each. */
export async function scored(
  { name: subject, sets, content, protocol, standardised: batch }: Subject,
  learner: Learner,
  dataset: Dataset,
  options: ScoreOptions,
): Promise<NetworkResult> {
  const { net } = learner;
  const { recipe, seed, sampling } = protocol;
  const { signal } = options;
  const readings = readingsOfProtocol(protocol);
  const names = namesOfValues(readings, dataset);
  const augmented = augmentationOf(recipe.augmentation, dataset);
  const augment: TrainOptions["augment"] | undefined =
    batch === undefined
      ? augmented
      : (images, key) => standardised(augmented ? augmented(images, key) : images, images.shape[0]!);
  const train = async (repeat: number): Promise<Score> => {
    const started = performance.now();
    const key = randomKey(seed).fold("evaluate").fold(repeat);
    const network = await learner.train(await sets.at(repeat), recipe, key, {
      ...(augment && { augment }),
      normalisation: dataset.normalisation,
      ...(batch !== undefined && { standardised: batch }),
      signal,
      onPass: (epoch, loss) =>
        // The step schedule makes one pass more than its epochs.
        options.onProgress?.({
          subject,
          net,
          repeat,
          epoch: Math.min(epoch + 1, recipe.epochs),
          epochs: recipe.epochs,
          loss,
        }),
    });
    const values = await read(readings, network, dataset, key.fold("readings"), signal, options.onReading);
    const seconds = (performance.now() - started) / 1000;
    await options.onTrained?.(network, { subject, net, repeat });
    return { values, seconds };
  };
  const runs: Score[] = [];
  const repeats = learner.drawn || sets.redrawn ? protocol.repeats : 1;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const own = [...(learner.content === undefined ? [] : [learner.content]), ...(sampling ? [sampling] : [])];
    const id = await scoreKey([dataset.checksum, content, net, recipe, seed, repeat, ...own]);
    const kept = learner.drawn && !options.trainKept ? options.scores?.get(id) : undefined;
    if (
      kept &&
      names.every((value) => Object.hasOwn(kept.values, value) && isReadingValue(value, kept.values[value]))
    ) {
      runs.push(kept);
      continue;
    }
    try {
      const score = await train(repeat);
      runs.push(score);
      if (learner.drawn) await options.scores?.set(id, { ...score, values: { ...kept?.values, ...score.values } });
    } catch (error) {
      throw signal?.aborted ? interrupted(options.scores !== undefined) : error;
    }
  }
  const summaries = Object.fromEntries(names.map((value) => [value, summary(runs.map((r) => r.values[value]!))]));
  const { accuracy, ...others } = summaries;
  return {
    net,
    ...(accuracy && { accuracy }),
    ...(Object.keys(others).length > 0 && { readings: others }),
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function augmentationOf(strategy: string, dataset: Dataset): TrainOptions["augment"] | undefined {
  const augmentation = parseAugmentation(strategy, dataset);
  return augmentation && augmentBatch(augmentation, dataset.shape);
}

const interrupted = (kept: boolean) =>
  new AttarError(
    "interrupted",
    `the evaluation was interrupted; ${kept ? "networks that were scored are kept" : "nothing of it is kept"}`,
    kept ? "continue with the same command and --resume" : "run the same command again",
    4,
  );
