import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { AttarError, randomKey, tensor } from "../engine/index.ts";
import {
  accuracy,
  buildNetwork,
  convnet,
  infiniteNetworkNamed,
  type Network,
  type NetworkSpec,
  networkText,
  type TrainingSet,
  train,
} from "../hypotheses/index.ts";
import { augmentBatch, parseAugmentation } from "../tricks/index.ts";
import { adapted } from "./adapt.ts";
import { checkFit } from "./checkFit.ts";
import { always, coresetDraws, type Draws } from "./coreset.ts";
import { accuracyOfInfinite } from "./infinite.ts";
import { fullEpochs, type Protocol, type ProtocolOptions, protocolFor, regressionEpochs } from "./protocol.ts";
import { digest, normalisationKey, type ScoreStore, scoreKey, setDigest } from "./scores.ts";

export interface Accuracy {
  readonly mean: number;
  /** Sample standard deviation over the runs; 0 for one run. */
  readonly std: number;
  /** Accuracy of each run on the test split, in 0..1. */
  readonly runs: readonly number[];
}

export interface NetworkResult {
  /** As the command line writes it, e.g. "convnet:width=64". */
  readonly net: string;
  readonly accuracy: Accuracy;
  readonly seconds: number;
}

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
  /** Architectures to train; defaults to the ConvNet. `ntk` and `nngp` are trained in closed form, once a set. */
  networks?: readonly NetworkSpec[];
  /**
   * Coreset rules to stand beside the set, or "full"; defaults to random and herding. Where a rule draws at random every
   * repeat trains on a draw of its own: subsets of a size differ by points, which a single draw would hide.
   */
  baselines?: readonly string[];
  /** True where the set is the first draw of the coreset rule that it names, and is drawn anew as baselines are. */
  redrawn?: boolean;
  /** Scores of networks are kept there, and those that are there already are not trained again. */
  scores?: ScoreStore;
  signal?: AbortSignal;
  onProgress?: (progress: {
    subject: string;
    net: string;
    repeat: number;
    epoch: number;
    epochs: number;
    loss: number;
  }) => void;
}

/**
 * The worth of a condensed set (design of the field's tables): fresh networks trained on it alone, tested on the untouched
 * test split, beside coresets of the same size under the same protocol object.
 *
 * @example await evaluate(set, mnist, { networks: [convnet()], repeats: 5 })
 * @throws AttarError "set-does-not-fit" when the set's images or classes are not the dataset's, "unknown-scale" when its
 * values cannot be brought to the set's scale, "no-test-split",
 * "bad-option", "interrupted" (exit code 4) when aborted
 */
export async function evaluate(
  set: CondensedSet,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  checkFit(set, dataset);
  if (dataset.test.labels.length === 0)
    throw new AttarError(
      "no-test-split",
      `${dataset.name} has no test split to score on`,
      "add a test/ folder or a test file beside the training data",
    );
  const count = set.labels.length;
  const subject: TrainingSet = {
    images: tensor(set.images, [count, ...set.shape]),
    labels: set.softLabels ? tensor(set.softLabels, [count, dataset.classes.length]) : set.labels,
  };
  const whole = count >= dataset.train.labels.length;
  const augmentation = options.augmentation ?? set.augmentation;
  const loss = set.loss ?? options.loss;
  const few = options.epochs ?? (loss === "squared-error" ? regressionEpochs(count) : undefined);
  const common = (epochs: number | undefined) => protocolFor(dataset, { ...options, augmentation, loss, epochs });
  const fullProtocol = () => common(options.epochs ?? fullEpochs);
  const fieldProtocol = await (whole ? fullProtocol() : common(few));
  const { learningRate } = set;
  const protocol =
    learningRate === undefined || whole
      ? fieldProtocol
      : await protocolFor(dataset, { ...options, augmentation, loss, epochs: few, learningRate });
  const onScale = adapted(dataset, set);
  const networks = (options.networks ?? [convnet()]).map((spec) =>
    infiniteNetworkNamed(spec.name) ? spec : buildNetwork(spec, dataset.shape, dataset.classes.length),
  );
  const rules = (options.baselines ?? (whole ? [] : ["random", "herding"])).filter((rule) => rule !== set.method);
  const draws = (rule: string) => coresetDraws(onScale, rule, set.ipc, protocol.seed, options.signal);
  const chosen = new Map(rules.map((rule) => [rule, draws(rule)]));
  // Chosen before hours of training, so that a misspelt rule is refused at once; the full set is large and waits its turn.
  for (const [rule, { at }] of chosen) if (rule !== "full") await at(0);
  const subjects = options.redrawn ? draws(set.method) : always(subject);
  const scaling = await normalisationKey(onScale.normalisation);
  // The images of the first draw are part of the key: a rule may choose others another time.
  const coreset = async (rule: string, { at }: Draws) =>
    `${rule} ${set.ipc} ${scaling} ${rule === "full" ? "" : await digest((await at(0)).images.data)}`;
  const content = await (options.redrawn ? coreset(set.method, subjects) : setDigest(set, onScale.normalisation));
  const results = await score(subjects, set.method, content, onScale, protocol, networks, options);
  const baselines: Record<string, Baseline> = {};
  for (const [rule, subset] of chosen) {
    const own = rule === "full" ? await fullProtocol() : fieldProtocol;
    const scored = await score(subset, rule, await coreset(rule, subset), onScale, own, networks, options);
    baselines[rule] = own.hash === protocol.hash ? { results: scored } : { results: scored, protocol: own };
  }
  return {
    dataset: dataset.name,
    subject: set.method,
    ipc: set.ipc,
    protocol,
    storedBytes: storedBytes(set),
    results,
    baselines,
  };
}

function storedBytes({ images, softLabels, labels, storedFloats, classes, ipc }: CondensedSet): number {
  if (storedFloats === undefined) return images.byteLength + (softLabels?.byteLength ?? labels.length * 8);
  return storedFloats * 4 + (softLabels?.byteLength ?? classes.length * ipc * 8);
}

/** @param content tells the sets apart from all others in a store of scores */
async function score(
  sets: Draws,
  subject: string,
  content: string,
  dataset: Dataset,
  protocol: Protocol,
  networks: readonly (Network | NetworkSpec)[],
  options: EvaluateOptions,
): Promise<NetworkResult[]> {
  const augmentation = parseAugmentation(protocol.recipe.augmentation, dataset);
  const augment = augmentation && augmentBatch(augmentation, dataset.shape);
  const results: NetworkResult[] = [];
  for (const network of networks) {
    const net = networkText("spec" in network ? network.spec : network);
    let started = performance.now();
    let seconds = 0;
    const runs: number[] = [];
    if (!("spec" in network)) {
      for (let repeat = 0; repeat < (sets.redrawn ? protocol.repeats : 1); repeat++) {
        const set = await sets.at(repeat);
        runs.push(await accuracyOfInfinite(network, set, dataset, testBatches(dataset), options.signal));
      }
      results.push({ net, accuracy: summary(runs), seconds: (performance.now() - started) / 1000 });
      continue;
    }
    for (let repeat = 0; repeat < protocol.repeats; repeat++) {
      const key = randomKey(protocol.seed).fold("evaluate").fold(repeat);
      const { recipe, seed } = protocol;
      const name = await scoreKey([dataset.checksum, content, net, recipe, seed, repeat]);
      const known = options.scores?.get(name);
      if (known) {
        runs.push(known.accuracy);
        seconds += known.seconds;
        continue;
      }
      started = performance.now();
      try {
        const trained = await train(network, await sets.at(repeat), protocol.recipe, key, {
          ...(augment && { augment }),
          signal: options.signal,
          onPass: (epoch, loss) =>
            options.onProgress?.({
              subject,
              net,
              repeat,
              // The step schedule makes one pass more than its epochs.
              epoch: Math.min(epoch + 1, protocol.recipe.epochs),
              epochs: protocol.recipe.epochs,
              loss,
            }),
        });
        const scored = {
          accuracy: await accuracy(network, trained, testBatches(dataset), { signal: options.signal }),
          seconds: (performance.now() - started) / 1000,
        };
        runs.push(scored.accuracy);
        seconds += scored.seconds;
        await options.scores?.set(name, scored);
      } catch (error) {
        throw options.signal?.aborted ? interrupted(options.scores !== undefined) : error;
      }
    }
    results.push({ net, accuracy: summary(runs), seconds });
  }
  return results;
}

const interrupted = (kept: boolean) =>
  new AttarError(
    "interrupted",
    `the evaluation was interrupted; ${kept ? "networks that were scored are kept" : "nothing of it is kept"}`,
    kept ? "continue with the same command and --resume" : "run the same command again",
    4,
  );

async function* testBatches(dataset: Dataset) {
  const count = dataset.test.labels.length;
  for (let at = 0; at < count; at += 1000) {
    const ids = Array.from({ length: Math.min(1000, count - at) }, (_, i) => at + i);
    yield { images: await normaliseBatch(dataset, "test", ids), labels: dataset.test.labels.slice(at, at + 1000) };
  }
}

function summary(runs: readonly number[]): Accuracy {
  const mean = runs.reduce((a, b) => a + b, 0) / runs.length;
  const variance = runs.length > 1 ? runs.reduce((s, r) => s + (r - mean) ** 2, 0) / (runs.length - 1) : 0;
  return { mean, std: Math.sqrt(variance), runs };
}
