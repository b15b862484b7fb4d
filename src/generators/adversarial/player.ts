import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, flag, integer, type RandomKey, referenced, tensor } from "../../engine/index.ts";
import { adam, crossEntropies, oneHot, type TracedParams } from "../../hypotheses/index.ts";
import type { Pass } from "../../hypotheses/layers/stage.ts";
import { initialise } from "../../hypotheses/networks/initialise.ts";
import { type BodyOptions, bodyOptions } from "../bodies/coderBody.ts";
import { convolutionalDecoder, fullyConnectedDecoder } from "../bodies/decoders.ts";
import { convolutionalCritic, fullyConnectedCritic } from "../bodies/encoders.ts";
import { refuseFlat } from "../bodies/sides.ts";
import { checkLayer } from "../codeLayer.ts";
import type { CodePart, Codes, Generator, GeneratorGround, GeneratorSpec, TracedCodes } from "../generator.ts";
import type { AdversarialTraining, LossInputs, LossWithTerms } from "../training/training.ts";
import { samplesOfOutputs } from "../units.ts";
import { type CriticNetwork, criticNetwork, type LabelHead } from "./critic.ts";
import type { ScoreLosses } from "./losses.ts";
import { besideOf, momentLayers, split, withMoments } from "./moments.ts";

/** The options of generators that learn against a critic. */
export const playerOptions = {
  z: integer(16, 1, 4096, "numbers of a code"),
  ...bodyOptions("conv", { width: 256, depth: 2 }),
  norm: choice("batch", ["batch", "none"], "normalisation of the generator's maps, of body=conv"),
  criticNorm: choice("layer", ["layer", "none"], "normalisation of each image's maps in the critic, of body=conv"),
  bounded: flag(true, "whether pixels are held between black and white by tanh"),
};

export interface PlayerOptions extends BodyOptions {
  readonly z: number;
  readonly norm: "batch" | "none";
  readonly criticNorm: "layer" | "none";
  readonly bounded: boolean;
}

/** What a penalty of the critic reads. */
export interface Judged {
  /** Scores [n] of images with the labels of the batch; consumes the images. */
  readonly score: (images: Traced) => Traced;
  readonly real: Traced;
  readonly fake: Traced;
  /** Uniform numbers in 0..1, [n]. */
  readonly mix: Traced;
}

/** A game: what the players' losses are, and how they are moved. */
export interface Game extends Pick<AdversarialTraining, "clip" | "criticSteps" | "criticRate"> {
  readonly losses: ScoreLosses;
  readonly head: LabelHead;
  /** Adds to the critic's loss; consumes `real`, `fake` and `mix`, calls `score` as often as it likes. */
  readonly penalty?: (judged: Judged) => Traced;
  /** The penalty is computed in every so many steps of the critic alone; 1. */
  readonly penaltyEvery?: number;
  /** Decays of Adam, of both players. */
  readonly betas: readonly [beta1: number, beta2: number];
  /** Decay of the running mean of the generator's weights. */
  readonly average: number;
}

/** A generator's own part in a game: all but its training. */
export interface Player extends Omit<Generator, "training"> {
  /** Samples [n, C, H, W] as they are while it learns, and what its loss returns beside. Consumes all. */
  play(params: TracedParams, z: Traced, labels: Traced): { images: Traced; beside: TracedParams[string] };
  after?: AdversarialTraining["after"];
}

/** Numbers of a code z, and the label of a conditional one. */
export const codeParts = (z: number, classes: number, conditional: boolean): Readonly<Record<string, CodePart>> => ({
  z: { shape: [z], prior: "normal" },
  ...(conditional && { class: { shape: [classes], prior: "one-hot" } }),
});

/** Standard normal codes of labels. */
export function normalCodes(
  z: number,
  classes: number,
  conditional: boolean,
  labels: Int32Array,
  key: RandomKey,
): Codes {
  const codes = { z: tensor(key.normal(labels.length * z), [labels.length, z]) };
  return conditional ? { ...codes, class: oneHot(labels, classes) } : codes;
}

/**
 * A generator of a code and, where it is conditional, a one-hot label joined to it: a body that doubles a small map, or fully connected
 * layers. It has no encoder.
 */
export function player(
  spec: GeneratorSpec,
  conditional: boolean,
  options: PlayerOptions,
  ground: GeneratorGround,
): Player {
  const { z: m, channels, norm } = options;
  const { shape, classes } = ground;
  const convolutional = options.body === "conv";
  if (convolutional) refuseFlat(ground);
  const joined = m + (conditional ? classes : 0);
  const stages = convolutional
    ? convolutionalDecoder(shape, { channels, norm }, joined)
    : fullyConnectedDecoder(shape, options, joined);
  const samples = samplesOfOutputs(ground, options.bounded);
  const weights = Object.assign({}, ...stages.map(({ parameters }) => parameters));
  const moments = momentLayers(Object.assign({}, ...stages.map(({ statistics }) => statistics)));
  const depth = stages.length - 1;
  const code = ({ z, class: labels }: TracedCodes): Traced => (conditional ? np.concatenate([z!, labels!], 1) : z!);
  const through = (params: TracedParams, x: Traced, from: number, to: number, pass: Pass) =>
    stages.slice(from, to).reduce((y, stage) => stage.apply(params, y, pass), x);
  const running = (params: TracedParams, x: Traced, from: number, to: number): Traced => {
    const { weights: own, statistics } = split(params);
    return through(own, x, from, to, { moments: "running", statistics });
  };
  const names = (from: number, to: number) =>
    stages
      .slice(from, to)
      .flatMap((stage) => [...Object.keys(stage.parameters), ...Object.keys(momentLayers(stage.statistics))]);
  return {
    spec,
    output: shape,
    classes,
    conditional,
    layers: depth,
    shapes: { ...weights, ...moments },
    fixed: Object.keys(moments),
    facts: {
      injective: "not in general: nothing in its training keeps two codes from one sample",
      surjective: `no: its samples are a surface of at most ${m} dimensions`,
    },
    parts(layer): Readonly<Record<string, CodePart>> {
      checkLayer(spec.name, layer, depth);
      if (layer > 0) return { features: { shape: stages[layer - 1]!.output, prior: "activations" } };
      return codeParts(m, classes, conditional);
    },
    reads: (layer) => names(layer, stages.length),
    init: (key) => ({ ...initialise(weights, key, "he-normal"), ...initialise(moments, key) }),
    sample: (_params, labels, key) => normalCodes(m, classes, conditional, labels, key),
    decode: (params, codes, layer) =>
      samples(running(params, layer === 0 ? code(codes) : codes.features!, layer, stages.length)),
    advance(params, codes, layer) {
      if (layer === 0) return codes;
      const kept = names(0, layer);
      const own: TracedParams = {};
      for (const [name, tensors] of Object.entries(params))
        if (kept.includes(name)) own[name] = tensors;
        else for (const unused of Object.values(tensors)) unused.dispose();
      return { features: running(own, code(codes), 0, layer) };
    },
    play(params, z, labels) {
      const { weights: own, statistics } = split(params);
      const updated: TracedParams = {};
      if (!conditional) labels.dispose();
      const x = code(conditional ? { z, class: labels } : { z });
      const images = samples(through(own, x, 0, stages.length, { moments: "recorded", statistics, updated }));
      return { images, beside: besideOf(updated) };
    },
    after: withMoments,
  };
}

/** The critic of a ground, of the same kind of layers as the generator. */
export function criticOf(
  ground: GeneratorGround,
  options: Pick<PlayerOptions, keyof BodyOptions | "criticNorm">,
  head: LabelHead,
): CriticNetwork {
  const { channels, criticNorm: norm } = options;
  const body =
    options.body === "conv"
      ? convolutionalCritic(ground.shape, { channels, norm })
      : fullyConnectedCritic(ground.shape, options);
  return criticNetwork(body, head, ground.classes);
}

/** The training of a player by a game. */
export function trainingOf(own: Player, critic: CriticNetwork, game: Game, z: number): AdversarialTraining {
  const { losses, penalty, penaltyEvery = 1, betas, average } = game;
  const told = (classes: Traced | undefined, labels: Traced): { [term: string]: Traced } => {
    if (classes) return { class: np.mean(crossEntropies(classes, labels)) };
    labels.dispose();
    return {};
  };
  const summed = (terms: { [term: string]: Traced }): Traced =>
    Object.values(terms)
      .map((term) => term.ref)
      .reduce((sum, term) => sum.add(term));
  const criticLoss =
    (penalised: boolean): AdversarialTraining["criticLoss"] =>
    (params, { images, labels, draws: { noise, mix }, generator }): LossWithTerms => {
      const { images: fake, beside } = own.play(generator, noise!, labels.ref);
      for (const unused of Object.values(beside)) unused.dispose();
      const ofReal = critic.judge(referenced(params), images.ref, labels.ref);
      const ofFake = critic.judge(referenced(params), fake.ref, labels.ref);
      const terms: { [term: string]: Traced } = { critic: losses.critic(ofReal.score, ofFake.score) };
      for (const [which, { classes }] of Object.entries({ real: ofReal, fake: ofFake }))
        for (const [term, value] of Object.entries(told(classes, labels.ref))) terms[`${term}.${which}`] = value;
      if (penalty && penalised) {
        const score = (x: Traced) => {
          const { score: value, classes } = critic.judge(referenced(params), x, labels.ref);
          classes?.dispose();
          return value;
        };
        terms.penalty = penalty({ score, real: images, fake, mix: mix! }).mul(penaltyEvery);
      } else for (const unused of [images, fake, mix!]) unused.dispose();
      for (const layer of Object.values(params)) for (const spent of Object.values(layer)) spent.dispose();
      labels.dispose();
      return [summed(terms), terms];
    };
  return {
    critic: { shapes: critic.parameters, init: (key) => initialise(critic.parameters, key, "he-normal") },
    draws: (n, key) => ({
      noise: tensor(key.fold("noise").normal(n * z), [n, z]),
      mix: tensor(key.fold("mix").uniform(n)),
    }),
    criticLoss: criticLoss(penaltyEvery === 1),
    ...(penalty && penaltyEvery > 1 && { lazily: { every: penaltyEvery, criticLoss: criticLoss(true) } }),
    generatorLoss(
      params,
      { images, labels, draws: { noise, mix }, critic: judge }: LossInputs & { critic: TracedParams },
    ) {
      for (const unused of [images, mix!]) unused.dispose();
      const { images: fake, beside } = own.play(params, noise!, labels.ref);
      const { score, classes } = critic.judge(judge, fake, labels.ref);
      const terms = { generator: losses.generator(score), ...told(classes, labels) };
      return [summed(terms), { ...terms, ...beside }];
    },
    optimizer: adam({ beta1: betas[0], beta2: betas[1] }),
    average,
    ...(own.after && { after: own.after }),
    ...(game.clip !== undefined && { clip: game.clip }),
    ...(game.criticSteps !== undefined && { criticSteps: game.criticSteps }),
    ...(game.criticRate !== undefined && { criticRate: game.criticRate }),
  };
}
