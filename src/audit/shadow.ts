import type { ArtefactStore } from "../artefacts/index.ts";
import { claimOfRun } from "../condense/claimOfRun.ts";
import { type Configuration, resolveConfiguration } from "../condense/configuration.ts";
import { type CondenseOptions, condense, type RunOptions } from "../condense/index.ts";
import type { State } from "../condense/state.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { countOf, samplesOf } from "../data/samples.ts";
import { nearestDistances } from "../discrepancies/nearestDistances.ts";
import { AttarError, type Runtime, randomKey, size, Tensor } from "../engine/index.ts";
import { coresetAsSet, evaluate, type TrainedNetwork } from "../evaluate/index.ts";
import { type NetworkSpec, networkText } from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/method.ts";
import type { Claim } from "../privacy/index.ts";
import { augmentOnHost } from "../tricks/augmentation/index.ts";
import { addConfidences } from "./attacks/confidence.ts";
import { type Distances, inSpaces } from "./attacks/index.ts";
import { addRanked, rankedLength } from "./attacks/rankedOutputs.ts";
import { type Game, halfOf } from "./game.ts";
import type { Nearness } from "./nearness.ts";
import { viewsOf } from "./views.ts";

/** What is attacked: what a method makes of a half, or the whole half. */
export type AuditSubject =
  | { readonly name: string; readonly method: Method; readonly options: CondenseOptions }
  | { readonly name: "full" };

/** How networks are trained on sets. */
export interface ShadowTraining {
  readonly network: NetworkSpec;
  /** Networks a set; φ is the mean over them. */
  readonly repeats: number;
  /** Epochs on a set; the protocol's where left out. */
  readonly epochs?: number | undefined;
  readonly seed: number;
}

/** One model of a game: what attacks see of it. */
export interface Shadow {
  /** φ of the pool, and of samples that no model was made of. */
  readonly confidences: Float64Array;
  readonly population: Float64Array;
  /** φ of every view of the pool: [views × pool]; empty where samples have none. */
  readonly views: Float64Array;
  /** Log-probabilities of the pool, the label's first: [pool × numbers]. */
  readonly outputs: Float32Array;
  /** Of the pool to the nearest sample of the set; empty where the set is the whole half. */
  readonly distances: Distances<Float64Array>;
  /** On the test split, a network each. */
  readonly accuracies: readonly number[];
  /** The share of the set's samples that are nearer to one of the half than samples of the pool mostly are to one another. */
  readonly copies: number;
  readonly seconds: number;
  /** The privacy that its condensation claims. */
  readonly claim?: Claim;
}

/** Shadows that were made before, by what determines them. */
export interface ShadowStore {
  get(id: string): Promise<Shadow | undefined>;
  /** Keeps a shadow; what was kept of its condensation under way goes. */
  set(id: string, shadow: Shadow): Promise<void>;
  /** Condenses as `condense` does, and goes on where a condensation of that shadow was interrupted; in memory where left out. */
  condensed?(id: string, order: CondensationOrder): Promise<Condensation>;
}

/** A condensation of a half that is to be made. */
export interface CondensationOrder {
  readonly half: Dataset;
  readonly method: Method;
  readonly options: RunOptions;
  readonly onStep: (step: number, steps: number) => void;
}

/** What a condensation comes to: the set, and the privacy that it claims. */
export interface Condensation {
  readonly set: CondensedSet;
  readonly claim?: Claim | undefined;
}

export interface ShadowContext {
  readonly game: Game;
  readonly training: ShadowTraining;
  /** Rows of the test split that stand for samples of no model. */
  readonly others: readonly number[];
  /** The distance below which a sample of a set counts as a copy. */
  readonly copyBelow: number;
  readonly nearness: Nearness;
  readonly artefacts?: ArtefactStore | undefined;
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((done: number, total: number, what: string) => void) | undefined;
}

/** Samples that a network is asked about at once. */
const slab = 500;

/** The options of a model's condensation: the subject's, with a seed of the model's own. */
export const optionsOfModel = (options: CondenseOptions, seed: number, model: number): CondenseOptions => ({
  ...options,
  seed: randomKey(seed).fold("shadow").fold(model).bits(1)[0]!,
});

/** Everything that determines a shadow but the noise of a private one. JSON-serialisable. */
export async function identityOf(subject: AuditSubject, model: number, context: ShadowContext): Promise<object> {
  const { game, training, others } = context;
  const half = await halfOf(game, model);
  const { network, ...rest } = training;
  return {
    version: 2,
    pool: game.dataset.checksum,
    half: half.checksum,
    model,
    subject: "method" in subject ? configurationOf(subject, half, model, context) : subject.name,
    network: networkText(network),
    ...rest,
    others: others.length,
  };
}

const configurationOf = (
  { method, options }: Extract<AuditSubject, { method: Method }>,
  half: Dataset,
  model: number,
  { training }: ShadowContext,
): Configuration => resolveConfiguration(half, method, optionsOfModel(options, training.seed, model));

/**
 * Makes a model of a game: condenses its half, trains networks on the set alone and asks them about every sample.
 *
 * @param store goes on with a condensation of the shadow `id` that was interrupted
 * @throws AttarError as `condense` and `evaluate` do
 */
export async function makeShadow(
  subject: AuditSubject,
  model: number,
  context: ShadowContext,
  { id, store }: { readonly id: string; readonly store?: ShadowStore | undefined },
): Promise<Shadow> {
  const { game, training, others, nearness, runtime, signal, onStep } = context;
  const began = performance.now();
  const half = await halfOf(game, model);
  const { set, claim } = await setOf(subject, half, model, context, (order) =>
    store?.condensed && !isCoreset(order.method) ? store.condensed(id, order) : condensedInMemory(order),
  );
  const { dataset } = game;
  const pool = countOf(dataset, "train");
  const { classes, shape } = dataset;
  const views = viewsOf(dataset);
  const answers = {
    confidences: new Float64Array(pool),
    population: new Float64Array(others.length),
    views: new Float64Array(views.length * pool),
    outputs: new Float32Array(pool * rankedLength(classes.length)),
  };
  const { repeats, network, epochs, seed } = training;
  const [count, weight] = [classes.length, 1 / repeats];
  const numbers = rankedLength(count);
  const inSlabs = async (
    split: "train" | "test",
    rows: readonly number[],
    read: (images: Tensor, labels: Int32Array, at: number) => Promise<void>,
  ) => {
    for (let at = 0; at < rows.length; at += slab) {
      const { images, labels } = await samplesOf(dataset, split, rows.slice(at, at + slab));
      await read(images, labels, at);
    }
  };
  const all = Array.from({ length: pool }, (_, i) => i);
  const ask = async ({ predict }: TrainedNetwork) => {
    const said = async (images: Tensor) => (await predict(images)).data as Float32Array;
    await inSlabs("train", all, async (images, labels, at) => {
      const to = at + labels.length;
      const outputs = await said(images);
      addConfidences(outputs, labels, count, answers.confidences.subarray(at, to), weight);
      addRanked(outputs, labels, count, answers.outputs.subarray(at * numbers, to * numbers), weight);
      for (const [k, draw] of views.entries()) {
        const seen = new Tensor(augmentOnHost(images.data as Float32Array, shape, [draw]), images.shape, "float32");
        addConfidences(await said(seen), labels, count, answers.views.subarray(k * pool + at, k * pool + to), weight);
      }
    });
    await inSlabs("test", others, async (images, labels, at) =>
      addConfidences(await said(images), labels, count, answers.population.subarray(at, at + labels.length), weight),
    );
  };
  const { results } = await evaluate(set, half, {
    networks: [network],
    repeats,
    epochs,
    seed: (seed + model) >>> 0,
    baselines: [],
    anyContrast: true,
    condensedFrom: half.checksum,
    ...(runtime && { runtime }),
    ...(signal && { signal }),
    onProgress: ({ repeat, epoch, epochs: of }) => onStep?.(repeat * of + epoch, repeats * of, "networks"),
    onTrained: ask,
  });
  const isSet = "method" in subject;
  return {
    ...answers,
    distances: isSet ? await nearness.to(set, signal) : noDistances,
    copies: isSet ? await copiesIn(set, half, context) : Number.NaN,
    accuracies: results[0]!.accuracy!.runs,
    seconds: (performance.now() - began) / 1000,
    ...(claim && { claim }),
  };
}

const noDistances = inSpaces(() => new Float64Array(0));

async function setOf(
  subject: AuditSubject,
  half: Dataset,
  model: number,
  { training, artefacts, runtime, signal, onStep }: ShadowContext,
  condensed: (order: CondensationOrder) => Promise<Condensation>,
): Promise<Condensation> {
  if (!("method" in subject)) return { set: await coresetAsSet(half, "full", 0, training.seed, signal) };
  const options: RunOptions = {
    ...optionsOfModel(subject.options, training.seed, model),
    ...(artefacts && { artefacts }),
    ...(runtime && { runtime }),
    ...(signal && { signal }),
  };
  return condensed({ half, method: subject.method, options, onStep: (step, of) => onStep?.(step, of, "steps") });
}

async function condensedInMemory({ half, method, options, onStep }: CondensationOrder): Promise<Condensation> {
  let last: State | undefined;
  for await (const event of condense(half, method, options)) {
    if (event.event === "checkpoint") last = event.state;
    if (event.event === "step") onStep(event.step, event.steps);
    if (event.event !== "done") continue;
    return { set: event.set, claim: last && claimOfRun(half, resolveConfiguration(half, method, options), last) };
  }
  throw new AttarError("failed", "a run ended without its set", "", 1);
}

/** The share of a set's samples that are copies of its half's. */
async function copiesIn({ images }: CondensedSet, half: Dataset, { copyBelow, signal }: ShadowContext) {
  const own = (await normaliseBatch(half, "train")).data as Float32Array;
  const back = await nearestDistances(images, own, size(half.shape), { signal });
  return back.filter((v) => v < copyBelow).length / back.length;
}
