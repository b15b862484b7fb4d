import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { outputsOf } from "../data/valuesTarget.ts";
import { AttarError, defaultRuntime, type Runtime } from "../engine/index.ts";
import {
  buildNetwork,
  checkNetworkServes,
  infiniteNetworkNamed,
  type NetworkSpec,
  resolveNetwork,
} from "../hypotheses/index.ts";
import { checkFit } from "./checkFit.ts";
import { finiteLearner } from "./finite.ts";
import { infiniteLearner } from "./infinite.ts";
import type { Learner } from "./learner.ts";
import type { TrainingProgress } from "./progress.ts";
import { type Protocol, type ProtocolOptions, readingsOfProtocol } from "./protocol.ts";
import { checkReadable, type TrainedNetwork } from "./readings/index.ts";
import { samplingNamed, samplingText } from "./sampling/index.ts";
import { type NetworkResult, scored, type TrainedFor } from "./score.ts";
import type { ScoreStore } from "./scores.ts";
import { type Storage, storageOf } from "./storage.ts";
import { type Subjects, subjectsOf } from "./subjects.ts";

export interface Evaluation {
  readonly dataset: string;
  /** The set that was trained on: a method's name, a coreset rule or "full". */
  readonly subject: string;
  readonly ipc: number;
  readonly protocol: Protocol;
  /**
   * The bytes that the set takes to keep: float32 images (or the floats they are decoded from, with one label for each of
   * the ipc images of a class), and labels of 8 bytes or soft labels of float32.
   */
  readonly storedBytes: number;
  /** The same form by form. */
  readonly storage: Storage;
  readonly results: readonly NetworkResult[];
  /**
   * Coresets under the same protocol; a baseline that needed another one carries its own: `full`, with fewer epochs, and every
   * one beside a set with a learned learning rate, which is no part of a coreset.
   */
  readonly baselines: Readonly<Record<string, Baseline>>;
}

export interface Baseline {
  readonly results: readonly NetworkResult[];
  readonly protocol?: Protocol;
}

export interface EvaluateOptions extends ProtocolOptions {
  /** Architectures to train; defaults to that of the dataset's domain: of images the ConvNet. `ntk` and `nngp` are trained in closed form, once a set. */
  networks?: readonly NetworkSpec[];
  /**
   * Coreset rules to stand beside the set, or "full"; defaults to random and herding. Where a rule draws at random every
   * repeat trains on a draw of its own: subsets of a size differ by points, which a single draw would hide.
   */
  baselines?: readonly string[];
  /** True where the set is the first draw of the coreset rule that it names, and is drawn anew as baselines are. */
  redrawn?: boolean;
  /** The checksum of the dataset that the set was condensed from, where the set keeps it to itself: of a private one. */
  condensedFrom?: string | undefined;
  /** Scores on pictures whose brightness or contrast is far from the set's, too. */
  anyContrast?: boolean;
  /**
   * Scores of networks are kept there, and networks whose readings are all there already are not trained again. One that was
   * kept with fewer readings is trained again and keeps the new ones, too.
   */
  scores?: ScoreStore;
  /** Trains the networks whose scores are kept, too, so that `onTrained` sees every one. */
  trainKept?: boolean;
  /**
   * Called with every network after its readings were taken, and awaited: to save its weights, or to read something else of
   * it. The network stays usable. One whose score was kept is not trained, and not handed out unless `trainKept` is set.
   */
  onTrained?: (network: TrainedNetwork, trained: TrainedFor) => unknown;
  /**
   * The runtime in which networks are trained and read; what was loaded is freed at the end. The process's own where left
   * out.
   */
  runtime?: Runtime;
  signal?: AbortSignal;
  /** Called after each reading of a trained network, with the seconds that it took; not of networks whose scores are kept. */
  onReading?: (reading: string, seconds: number) => void;
  onProgress?: (progress: TrainingProgress) => void;
}

/**
 * The worth of a condensed set (design of the field's tables): fresh networks trained on it alone, tested on the untouched
 * test split, beside coresets of the same size under the same protocol object.
 *
 * @example await evaluate(set, mnist, { networks: [convnet()], repeats: 5 })
 * @example More readings of every network than accuracy:
 * await evaluate(set, mnist, { readings: [parseReading("worst-class"), parseReading("calibration:bins=10")] })
 * @example The trained networks themselves, here those of the set but not of its baselines:
 * const trained: TrainedNetwork[] = [];
 * await evaluate(set, mnist, {
 *   onTrained: (network, { subject }) => {
 *     if (subject === set.method) trained.push(network);
 *   },
 * });
 * const logits = await trained[0].predict(images); // [n, 1, 28, 28] on the set's normalisation, to [n, 10]
 *
 * @throws AttarError "set-does-not-fit" when the set's images or classes are not the dataset's, "unknown-scale" when its
 * values cannot be brought to the set's scale, "no-test-split", "bad-option", "bad-combination" for a reading of probabilities
 * where a network's outputs are none, "interrupted" (exit code 4) when aborted
 */
export async function evaluate(
  set: CondensedSet,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkFit(set, dataset, options.condensedFrom);
  if (dataset.test.labels.length === 0)
    throw new AttarError(
      "no-test-split",
      `${dataset.name} has no test split to score on`,
      "condense and evaluate it with --test-share 0.2, or name a test split: --test PATH",
    );
  const { runtime = defaultRuntime() } = options;
  const specs = options.networks ?? [resolveNetwork(dataset.domain.network)];
  const learners = runtime.enter(() => specs.map((spec) => learnerOf(spec, dataset)));
  let subjects: Subjects | undefined;
  try {
    subjects = await runtime.throughout(() => subjectsOf(set, dataset, options));
    const { main, baselines, dataset: onScale } = subjects;
    const { protocol, standardised } = main;
    const { sampling } = protocol;
    for (const { net, outputs, weights } of learners) {
      const { kind, why } = outputs(protocol.recipe);
      if (protocol.recipe.adversary && !weights)
        throw new AttarError(
          "bad-combination",
          `${net} is trained in closed form, and an adversary takes part in steps of training`,
          "--nets convnet, or leave --adversarial out",
        );
      if (sampling && !samplingNamed(sampling.name).coresetsToo && !weights)
        throw new AttarError(
          "bad-combination",
          `${net} is trained in closed form on one set, and under --protocol ${samplingText(sampling)} it changes from epoch to epoch`,
          "--protocol bank, or --nets convnet",
        );
      const seen = weights && standardised === undefined;
      const reason = weights && !seen ? "its images are standardised in batches" : why;
      checkReadable(readingsOfProtocol(protocol), net, kind, seen, reason, dataset.target);
    }
    const results = async (subject: typeof main) => {
      const each: NetworkResult[] = [];
      for (const learner of learners) each.push(await scored(subject, learner, onScale, options));
      return each;
    };
    const own = await results(main);
    const beside: Record<string, Baseline> = {};
    for (const baseline of baselines) {
      const same = baseline.protocol.hash === protocol.hash;
      beside[baseline.name] = {
        results: await results(baseline),
        ...(!same && { protocol: baseline.protocol }),
      };
    }
    return {
      dataset: dataset.name,
      subject: main.name,
      ipc: set.ipc,
      protocol,
      ...stored(storageOf(set, sampling?.name === "teacher")),
      results: own,
      baselines: beside,
    };
  } finally {
    subjects?.dispose();
    for (const learner of learners) learner.dispose();
  }
}

const stored = (storage: Storage) => ({ storedBytes: storage.least, storage });

function learnerOf(spec: NetworkSpec, dataset: Dataset): Learner {
  const { shape, domain } = dataset;
  const infinite = infiniteNetworkNamed(spec.name);
  checkNetworkServes(spec.name, domain.kind, (serving) => `--nets ${serving}`);
  return infinite
    ? infiniteLearner(infinite, spec, shape, outputsOf(dataset))
    : finiteLearner(buildNetwork(spec, shape, outputsOf(dataset)));
}
