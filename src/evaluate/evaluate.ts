import { byClass } from "../data/byClass.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { AttarError, type RandomKey, randomKey, type Tensor, tensor } from "../engine/index.ts";
import { accuracy, buildNetwork, convnet, type NetworkSpec, type TrainingSet, train } from "../hypotheses/index.ts";
import { selectCoreset } from "../synthetic/select.ts";
import { augmentOnHost, drawOperator, drawParameters, parseStrategy, strategyFor } from "../tricks/index.ts";
import { type Protocol, type ProtocolOptions, protocolFor } from "./protocol.ts";

export interface Accuracy {
  readonly mean: number;
  /** Sample standard deviation over the runs; 0 for one run. */
  readonly std: number;
  /** Accuracy of each run on the test split, in 0..1. */
  readonly runs: readonly number[];
}

export interface NetworkResult {
  readonly net: string;
  readonly accuracy: Accuracy;
  readonly seconds: number;
}

export interface Evaluation {
  readonly dataset: string;
  /** What was trained on: a method's name, a coreset rule or "full". */
  readonly subject: string;
  readonly ipc: number;
  readonly protocol: Protocol;
  /** Bytes of the set as float32 images and labels. */
  readonly storedBytes: number;
  readonly results: readonly NetworkResult[];
  readonly baselines: Readonly<Record<string, { readonly results: readonly NetworkResult[] }>>;
}

export interface EvaluateOptions extends ProtocolOptions {
  /** Architectures to train; defaults to the ConvNet. */
  networks?: readonly NetworkSpec[];
  /** Coreset rules to stand beside the set; defaults to random and herding. */
  baselines?: readonly string[];
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
 * What a condensed set is worth (design of the field's tables): fresh networks trained on it alone, tested on the untouched
 * test split, beside coresets of the same size under the same protocol object.
 *
 * @example await evaluate(set, mnist, { networks: [convnet()], repeats: 5 })
 * @throws AttarError when the set does not fit the dataset, or the dataset has no test split.
 */
export async function evaluate(
  set: CondensedSet,
  dataset: Dataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const classes = dataset.classes.length;
  if (String(set.shape) !== String(dataset.shape) || set.classes.length !== classes)
    throw new AttarError(
      "set-does-not-fit",
      `the set holds ${set.shape.join("x")} images of ${set.classes.length} classes, ${dataset.name} has ${dataset.shape.join("x")} and ${classes}`,
      `evaluate it on the dataset it was condensed from: --on ${set.dataset}`,
    );
  const subject: TrainingSet = {
    images: tensor(set.images, [set.labels.length, ...set.shape]),
    labels: set.softLabels ? tensor(set.softLabels, [set.labels.length, classes]) : set.labels,
  };
  const protocol = await protocolFor(dataset.name, {
    ...options,
    augmentation: options.augmentation ?? set.augmentation,
  });
  const adapted: Dataset = { ...dataset, normalisation: set.normalisation };
  const baselines: Record<string, { results: NetworkResult[] }> = {};
  const results = await score(subject, set.method, adapted, protocol, options);
  for (const rule of options.baselines ?? ["random", "herding"])
    if (rule !== set.method)
      baselines[rule] = {
        results: await score(await coreset(adapted, rule, set.ipc, protocol.seed), rule, adapted, protocol, options),
      };
  return {
    dataset: dataset.name,
    subject: set.method,
    ipc: set.ipc,
    protocol,
    storedBytes: set.images.byteLength + (set.softLabels?.byteLength ?? set.labels.byteLength),
    results,
    baselines,
  };
}

/** A coreset as a training set. */
async function coreset(dataset: Dataset, rule: string, ipc: number, seed: number): Promise<TrainingSet> {
  const ids = selectCoreset(dataset, rule, ipc, randomKey(seed).fold("baseline"));
  return {
    images: await normaliseBatch(dataset, "train", ids),
    labels: Int32Array.from(ids, (i) => dataset.train.labels[i]!),
  };
}

async function score(
  set: TrainingSet,
  subject: string,
  dataset: Dataset,
  protocol: Protocol,
  options: EvaluateOptions,
): Promise<NetworkResult[]> {
  if (dataset.test.labels.length === 0)
    throw new AttarError(
      "no-test-split",
      `${dataset.name} has no test split to score on`,
      "add a test/ folder or a test file beside the training data",
    );
  const strategy = parseStrategy(protocol.recipe.augmentation);
  const [, h, w] = dataset.shape;
  const augment = (images: Tensor, key: RandomKey): Tensor => {
    const operator = drawOperator(key, strategy);
    const draws = Array.from({ length: images.shape[0]! }, (_, i) => drawParameters(key.fold(i), operator, h, w));
    return tensor(augmentOnHost(images.data as Float32Array, dataset.shape, draws), images.shape);
  };
  const results: NetworkResult[] = [];
  for (const spec of options.networks ?? [convnet()]) {
    const network = buildNetwork(spec, dataset.shape, dataset.classes.length);
    const started = performance.now();
    const runs: number[] = [];
    for (let repeat = 0; repeat < protocol.repeats; repeat++) {
      const key = randomKey(protocol.seed).fold("evaluate").fold(repeat);
      const trained = await train(network, set, protocol.recipe, key, {
        augment,
        signal: options.signal,
        onPass: (epoch, loss) =>
          options.onProgress?.({
            subject,
            net: spec.name,
            repeat,
            epoch: epoch + 1,
            epochs: protocol.recipe.epochs,
            loss,
          }),
      });
      runs.push(await accuracy(network, trained, testBatches(dataset), { signal: options.signal }));
    }
    results.push({ net: spec.name, accuracy: summary(runs), seconds: (performance.now() - started) / 1000 });
  }
  return results;
}

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

/** A coreset of a dataset as a condensed set, so that baselines can be evaluated and exported like any other. */
export async function coresetAsSet(dataset: Dataset, rule: string, ipc: number, seed: number): Promise<CondensedSet> {
  const count = rule === "full" ? dataset.train.labels.length : 0;
  const ids =
    rule === "full"
      ? Array.from({ length: count }, (_, i) => i)
      : selectCoreset(dataset, rule, ipc, randomKey(seed).fold("baseline"));
  return {
    images: (await normaliseBatch(dataset, "train", ids)).data as Float32Array,
    shape: dataset.shape,
    labels: Int32Array.from(ids, (i) => dataset.train.labels[i]!),
    classes: dataset.classes,
    normalisation: dataset.normalisation,
    dataset: dataset.name,
    datasetChecksum: dataset.checksum,
    method: rule,
    ipc:
      rule === "full" ? Math.max(...byClass(dataset.train.labels, dataset.classes.length).map((m) => m.length)) : ipc,
    augmentation: strategyFor(dataset.name),
  };
}
