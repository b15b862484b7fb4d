import { gaussianOf, squaredFrechet } from "../../discrepancies/frechet/index.ts";
import { quadraticMmd } from "../../discrepancies/mmd/index.ts";
import { nearestDistances } from "../../discrepancies/nearestDistances.ts";
import { type DomainKind, Pace, type RandomKey, size, type Tensor } from "../../engine/index.ts";
import { polynomialKernel } from "../../hypotheses/index.ts";
import type { HostedGenerator } from "../hosted.ts";
import type { GeneratorSamples } from "../training/training.ts";
import { codeUse } from "./codeUse.ts";
import { agreement, type Judge, judgeNetwork, trainJudge } from "./judge.ts";
import { median, precisionAndRecall } from "./neighbours.ts";

/** A generator's samples judged without foreign weights: by classifiers trained on T. Every entry is a number. */
export interface Quality {
  /** Samples that were drawn, labels in turn. */
  readonly samples: number;
  /** Class fidelity: the share of samples that a classifier trained on T labels as was asked. */
  readonly fidelity: number;
  /** Fréchet distance of samples and held-out reals in the classifier's features. */
  readonly frechet: number;
  /** The same between two halves of held-out reals: what even perfect samples of half as many would have. */
  readonly frechetOfReal: number;
  /** Unbiased MMD² of the same under (x·y / d + 1)³. */
  readonly mmd: number;
  readonly precision: number;
  readonly recall: number;
  /** Classification accuracy score: that of a classifier trained on samples alone, on held-out reals. */
  readonly trainedOnSamples: number;
  /** That of the classifier trained on T. */
  readonly trainedOnReal: number;
  /** Mean squared error of held-out reals encoded and decoded, in the training normalisation; only with an encoder. */
  readonly reconstructionError?: number;
  /** Peak signal-to-noise ratio of the same in decibels, peak the largest difference of two of their numbers. */
  readonly psnr?: number;
  /** Accuracy of the classifier trained on T on them. */
  readonly reconstructionAccuracy?: number;
  /** Median distance of a sample to its nearest training sample, over that of a held-out one: far below 1 is memory. */
  readonly memorisation: number;
  readonly activeUnits?: number;
  readonly perplexity?: number;
}

/** The sets that a generator is judged by. */
export interface QualitySets {
  readonly training: GeneratorSamples;
  /** Held-out samples; the training samples where left out. */
  readonly held?: GeneratorSamples;
  readonly kind: DomainKind;
}

/** Samples drawn, held-out reals looked at, and of either those that are held against all of T. */
const [drawn, heldOut, nearby] = [2000, 2000, 200] as const;

/**
 * Judges a trained generator on 2,000 samples and as many held-out reals. Randomness: samples from `key.fold("samples")`, classifiers
 * from `key.fold("judge")`.
 *
 * @throws AttarError "diverged" (exit code 3). Rejects with the signal's reason when it is aborted.
 */
export async function qualityOf(
  hosted: HostedGenerator,
  { training, held: given = training, kind }: QualitySets,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<Quality> {
  const { generator, params } = hosted;
  const { output, classes } = generator;
  const held = some(given, heldOut, key.fold("held"));
  const labels = Int32Array.from({ length: drawn }, (_, i) => i % classes);
  const made = { images: await hosted.decode(hosted.sample(labels, key.fold("samples"))), labels };
  const pace = new Pace(signal);
  const judged = async <T>(set: GeneratorSamples, of: (judge: Judge) => Promise<T>): Promise<T> => {
    const judge = await trainJudge(judgeNetwork(output, kind, classes), set, key.fold("judge"), signal);
    try {
      return await of(judge);
    } finally {
      judge.dispose();
    }
  };
  const byReal = await judged(training, async (judge) => {
    const right = async (set: GeneratorSamples) => agreement(await judge.classes(set.images), set.labels);
    const [real, fake] = [await judge.embed(held.images), await judge.embed(made.images)];
    const half = Math.floor(real.shape[0]! / 2);
    const again = generator.encoder && { ...held, images: await reconstructed(hosted, held) };
    return {
      fidelity: await right(made),
      frechet: await frechet(real, fake),
      frechetOfReal: await frechet(real.rows(0, half), real.rows(half, 2 * half)),
      mmd: await unbiasedMmd(real, fake, signal),
      ...(await precisionAndRecall(real, fake, pace)),
      trainedOnReal: await right(held),
      ...(again && { ...errorOf(held.images, again.images), reconstructionAccuracy: await right(again) }),
    };
  });
  const trainedOnSamples = await judged(made, async (judge) =>
    agreement(await judge.classes(held.images), held.labels),
  );
  const toTraining = async (images: Tensor) => {
    const first = images.rows(0, Math.min(nearby, images.shape[0]!));
    const rows = (of: Tensor) => of.data as Float32Array;
    return median(await nearestDistances(rows(first), rows(training.images), size(output), { signal }));
  };
  return {
    samples: drawn,
    ...byReal,
    trainedOnSamples,
    memorisation: (await toTraining(made.images)) / (await toTraining(held.images)),
    ...(generator.encoder && codeUse(generator, params, await hosted.encode(held.images, held.labels))),
  };
}

const reconstructed = async (hosted: HostedGenerator, { images, labels }: GeneratorSamples): Promise<Tensor> =>
  hosted.decode(await hosted.encode(images, labels));

function errorOf(of: Tensor, found: Tensor): { reconstructionError: number; psnr: number } {
  let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [i, value] of of.data.entries()) {
    sum += (value - found.data[i]!) ** 2;
    [least, most] = [Math.min(least, value), Math.max(most, value)];
  }
  const error = sum / of.data.length;
  return { reconstructionError: error, psnr: 10 * Math.log10((most - least) ** 2 / error) };
}

const measureOf = (points: Tensor) => ({
  name: "features",
  points,
  labels: new Int32Array(points.shape[0]!),
  classes: [""],
});

const frechet = async (a: Tensor, b: Tensor): Promise<number> =>
  squaredFrechet(await gaussianOf(measureOf(a)), await gaussianOf(measureOf(b)));

async function unbiasedMmd(a: Tensor, b: Tensor, signal?: AbortSignal): Promise<number> {
  const set = (points: Tensor) => ({ points, weights: new Float64Array(points.shape[0]!).fill(1 / points.shape[0]!) });
  return (await quadraticMmd(polynomialKernel(3), set(a), set(b), { estimator: "unbiased", signal })).value;
}

/** At most some samples, drawn at random. */
function some({ images, labels }: GeneratorSamples, most: number, key: RandomKey): GeneratorSamples {
  if (labels.length <= most) return { images, labels };
  const rows = key.permutation(labels.length, most);
  return { images: images.take(rows), labels: Int32Array.from(rows, (i) => labels[i]!) };
}
