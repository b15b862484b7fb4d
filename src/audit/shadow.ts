import type { ArtefactStore } from "../artefacts/index.ts";
import { claimOfRun } from "../condense/claimOfRun.ts";
import { type Configuration, resolveConfiguration } from "../condense/configuration.ts";
import { type CondenseOptions, condense } from "../condense/index.ts";
import type { State } from "../condense/state.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { countOf, samplesOf } from "../data/samples.ts";
import { AttarError, type Runtime, randomKey, size } from "../engine/index.ts";
import { coresetAsSet, evaluate, type TrainedNetwork } from "../evaluate/index.ts";
import { type NetworkSpec, networkText } from "../hypotheses/index.ts";
import type { Method } from "../methods/method.ts";
import type { Claim } from "../privacy/index.ts";
import { addConfidences } from "./attacks/confidence.ts";
import { type Game, halfOf } from "./game.ts";
import { nearestDistances } from "./nearest.ts";

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
  /** Of the pool to the nearest sample of the set; empty where the set is the whole half. */
  readonly distances: Float64Array;
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
  set(id: string, shadow: Shadow): Promise<void>;
}

export interface ShadowContext {
  readonly game: Game;
  readonly training: ShadowTraining;
  /** Rows of the test split that stand for samples of no model. */
  readonly others: readonly number[];
  /** The distance below which a sample of a set counts as a copy. */
  readonly copyBelow: number;
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
    version: 1,
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
 * @throws AttarError as `condense` and `evaluate` do
 */
export async function makeShadow(subject: AuditSubject, model: number, context: ShadowContext): Promise<Shadow> {
  const { game, training, others, runtime, signal, onStep } = context;
  const began = performance.now();
  const half = await halfOf(game, model);
  const { set, claim } = await setOf(subject, half, model, context);
  const { dataset } = game;
  const pool = countOf(dataset, "train");
  const confidences = new Float64Array(pool);
  const population = new Float64Array(others.length);
  const { repeats, network, epochs, seed } = training;
  const ask = async (trained: TrainedNetwork, split: "train" | "test", rows: readonly number[], into: Float64Array) => {
    for (let at = 0; at < rows.length; at += slab) {
      const own = rows.slice(at, at + slab);
      const { images, labels } = await samplesOf(dataset, split, own);
      const outputs = await trained.predict(images);
      addConfidences(
        outputs.data as Float32Array,
        labels,
        dataset.classes.length,
        into.subarray(at, at + own.length),
        1 / repeats,
      );
    }
  };
  const all = Array.from({ length: pool }, (_, i) => i);
  const { results } = await evaluate(set, half, {
    networks: [network],
    repeats,
    epochs,
    seed: (seed + model) >>> 0,
    baselines: [],
    anyContrast: true,
    ...(runtime && { runtime }),
    ...(signal && { signal }),
    onProgress: ({ repeat, epoch, epochs: of }) => onStep?.(repeat * of + epoch, repeats * of, "networks"),
    onTrained: async (trained) => {
      await ask(trained, "train", all, confidences);
      await ask(trained, "test", others, population);
    },
  });
  const { distances, copies } =
    "method" in subject
      ? await distancesOf(set, half, context)
      : { distances: new Float64Array(0), copies: Number.NaN };
  return {
    confidences,
    population,
    distances,
    copies,
    accuracies: results[0]!.accuracy!.runs,
    seconds: (performance.now() - began) / 1000,
    ...(claim && { claim }),
  };
}

async function setOf(
  subject: AuditSubject,
  half: Dataset,
  model: number,
  { training, artefacts, runtime, signal, onStep }: ShadowContext,
): Promise<{ set: CondensedSet; claim?: Claim | undefined }> {
  if (!("method" in subject)) return { set: await coresetAsSet(half, "full", 0, training.seed, signal) };
  const options = optionsOfModel(subject.options, training.seed, model);
  let last: State | undefined;
  const run = condense(half, subject.method, {
    ...options,
    ...(artefacts && { artefacts }),
    ...(runtime && { runtime }),
    ...(signal && { signal }),
  });
  for await (const event of run) {
    if (event.event === "checkpoint") last = event.state;
    if (event.event === "step") onStep?.(event.step, event.steps, "steps");
    if (event.event !== "done") continue;
    const configuration = resolveConfiguration(half, subject.method, options);
    return { set: event.set, claim: last && claimOfRun(half, configuration, last) };
  }
  throw new AttarError("failed", "a run ended without its set", "", 1);
}

async function distancesOf(set: CondensedSet, half: Dataset, { game, copyBelow, signal }: ShadowContext) {
  const d = size(half.shape);
  const pool = (await normaliseBatch(game.dataset, "train")).data as Float32Array;
  const own = (await normaliseBatch(half, "train")).data as Float32Array;
  const distances = await nearestDistances(pool, set.images, d, { signal });
  const back = await nearestDistances(set.images, own, d, { signal });
  return { distances, copies: back.filter((v) => v < copyBelow).length / back.length };
}
