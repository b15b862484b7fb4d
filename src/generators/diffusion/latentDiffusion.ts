import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import {
  choice,
  flag,
  integer,
  number,
  type RandomKey,
  referenced,
  released,
  size,
  tensor,
  work,
} from "../../engine/index.ts";
import { oneHot, type Params, type TracedParams } from "../../hypotheses/index.ts";
import { initialise } from "../../hypotheses/networks/initialise.ts";
import {
  classDeviationShapes,
  drawClassDeviations,
  fitClassDeviations,
  standardDeviations,
} from "../classDeviations.ts";
import { checkLayer } from "../codeLayer.ts";
import { type CodePart, type Codes, declareGenerator, type Generator, type TracedCodes } from "../generator.ts";
import { chained } from "./chained.ts";
import type { Denoiser } from "./denoiser.ts";
import { classTable, conditionsOf, denoisingArrays, denoisingDraws, denoisingLoss, noClass } from "./denoising.ts";
import { firstStage, firstStageOptions, latentScale } from "./firstStage.ts";
import { measuredLatents } from "./latents.ts";
import { guided, type NoiseModel, noisesOf, type Sampling, sampled } from "./sampler.ts";
import { noiseSchedules, samplingSteps, signalShares } from "./schedule.ts";
import { transformer, transformerOptions } from "./transformer.ts";
import { unet, unetOptions } from "./unet.ts";

/** The options that change how a trained model is sampled, and nothing of its training. */
const sampling = {
  sampler: choice("ddim", ["ddim", "ddpm"], "whether steps of sampling add no noise, or what the diffusion took"),
  ddim: integer(10, 1, 999, "steps of sampling"),
  guidance: number(1.5, 0, undefined, "w of ε_u + w (ε_c − ε_u); 1 for the conditional model alone"),
  strength: number(1, 0.01, 1, "share of the steps that are taken, from a start that is noised that far"),
  skip: flag(false, "whether estimates of a latent are blended with the start, less from step to step"),
  conditions: choice("class", ["class", "embedding"], "whether a code holds the one-hot label, or the embedding of it"),
};

/** The width of the model that sees noise. */
const widthOf = (asked: number, [, height, width]: readonly number[]): number => {
  if (asked > 0) return asked;
  return Math.min(height!, width!) < 16 ? 16 : 32;
};

/**
 * Latent diffusion (Rombach et al. 2022; A.1.3): an autoencoder, and a U-Net that sees the noise in its latents, given time and class. A code
 * of layer 0 is a latent to start from (`z`), the noise that is put on it (`noise`) and the class; sampling is a chain of fixed steps, so that it is
 * a function of the code. At strength 1 the start is lost in the noise unless `skip` blends it in (Moser et al. 2024); at less it is what
 * the sampling refines (Su et al. 2024). A code of layer 1 is a latent, which the autoencoder alone decodes.
 */
export const latentDiffusion = declareGenerator({
  title: "latent diffusion",
  reference: "A.1.3",
  domains: ["image"],
  citation: work(
    "R. Rombach, A. Blattmann, D. Lorenz, P. Esser and B. Ommer",
    2022,
    "High-Resolution Image Synthesis with Latent Diffusion Models",
    "CVPR",
  ),
  formula: "E [ −log p(x|z) + λ KL ], then E ‖ε − ε_θ(√ᾱ z + √(1 − ᾱ) ε, t, y)‖²",
  options: {
    schedule: choice("cosine", noiseSchedules, "the course of the noise over the times"),
    times: integer(1000, 2, 10000, "times of the noise"),
    dropped: number(0.1, 0, 1, "share of the samples whose label is dropped in training"),
    average: number(0.995, 0, 1, "decay of the running mean of the U-Net's weights, which samples are drawn by"),
    model: choice(
      "unet",
      ["unet", "transformer"],
      "the model that sees the noise: a U-Net, or a transformer of as many blocks",
    ),
    ...unetOptions,
    ...transformerOptions,
    ...firstStageOptions,
    ...sampling,
  },
  sampling: Object.keys(sampling),
  denoises: true,
  recipe: { steps: 2000, batch: 64, learningRate: 2e-3 },
  make(options, ground): Generator {
    const { classes } = ground;
    const convolves = options.model === "unet";
    const stage = firstStage(options, ground, convolves ? options.levels - 1 : 0);
    const { latent } = stage;
    const sized = { ...options, width: widthOf(options.width, ground.shape) };
    const model: Denoiser = convolves ? unet(sized, latent) : transformer(sized, latent);
    const shares = signalShares(options.schedule, options.times);
    const how: Sampling = { ...options, steps: samplingSteps(shares, options.ddim, options.strength) };
    const { guidance } = options;
    const embeds = options.conditions === "embedding";
    const numbers = size(latent);
    const table = {
      ...stage.parameters,
      ...model.parameters,
      [classTable]: { weight: { shape: [classes, model.condition], start: { bound: 1 } } },
      [noClass]: { weight: { shape: [model.condition], start: { value: 0 } } },
    };
    const modelLayers = Object.keys(model.parameters);
    const denoiserLayers = [...modelLayers, ...(guidance === 1 ? [] : [noClass])];
    const learned = [...modelLayers, classTable, noClass];
    /** ε̂ under guidance, as a function of latent and time; `condition` [n, e]. */
    const noiseOf =
      (params: TracedParams, condition: Traced, n: number): NoiseModel =>
      (z, time) => {
        const { [noClass]: none, ...own } = referenced(params);
        const at = (count: number) => np.ones([count]).mul(typeof time === "number" ? time : time.ref);
        const done = (found: Traced) => {
          if (typeof time !== "number") time.dispose();
          return found;
        };
        if (guidance === 1) return done(model.apply(own, z, at(n), condition.ref));
        const unconditional = np.broadcastTo(none!.weight!.reshape([1, -1]), [n, model.condition]);
        const both = model.apply(
          own,
          np.concatenate([z.ref, z], 0),
          at(2 * n),
          np.concatenate([condition.ref, unconditional], 0),
        );
        return done(guided(both.ref.slice([0, n]), both.slice([n, 2 * n]), guidance));
      };
    const latentsOf = ({ [classTable]: own, ...params }: TracedParams, codes: TracedCodes): Traced => {
      const n = codes.z!.shape[0]!;
      const condition = embeds ? codes.condition! : conditionsOf(codes.class!, own!.weight!);
      const found = sampled(noiseOf(params, condition, n), codes.z!, codes.noise!, how);
      for (const spent of [params, condition]) released(spent);
      return found;
    };
    const drawn = (n: number, key: RandomKey) => ({
      ...denoisingDraws(n, key, { latent, shares, dropped: options.dropped }),
    });
    const only = (params: TracedParams, names: readonly string[]): TracedParams =>
      Object.fromEntries(names.map((name) => [name, params[name]!]));
    const samplers = [...denoiserLayers, ...(embeds ? [] : [classTable])];
    const noises = (n: number, key: RandomKey) => {
      const shape = [noisesOf(how), ...latent];
      return tensor(key.normal(n * size(shape)), [n, ...shape]);
    };
    const labelled = (labels: Int32Array, params: Params): Codes => {
      if (!embeds) return { class: oneHot(labels, classes) };
      return { condition: params[classTable]!.weight!.take(labels) };
    };
    return {
      spec: { name: "ldm", options },
      output: ground.shape,
      classes,
      conditional: true,
      layers: 1,
      shapes: { ...table, ...classDeviationShapes(classes, numbers) },
      fixed: [latentScale],
      facts: {
        injective: "not in general: latents that the steps bring together stay together",
        surjective: `no: its samples are a surface of at most ${numbers} dimensions`,
      },
      parts(layer): Readonly<Record<string, CodePart>> {
        checkLayer("ldm", layer, 1);
        if (layer > 0) return { latents: { shape: latent, prior: "activations" } };
        return {
          z: { shape: latent, prior: "class-normal" },
          noise: { shape: [noisesOf(how), ...latent], prior: "normal", keyed: true },
          ...(embeds
            ? { condition: { shape: [model.condition], prior: "class-embedding" as const } }
            : { class: { shape: [classes], prior: "one-hot" as const } }),
        };
      },
      reads: (layer) => [...(layer === 0 ? samplers : []), ...stage.decoderLayers],
      init: (key) => ({ ...initialise(table, key), prior: standardDeviations(classes, numbers) }),
      drawsFrom: ["prior", ...(embeds ? [classTable] : [])],
      sample(params, labels, key) {
        const z = drawClassDeviations(params.prior!, labels, key.fold("z"));
        return {
          z: z.reshape([labels.length, ...latent]),
          noise: noises(labels.length, key.fold("noise")),
          ...labelled(labels, params),
        };
      },
      decode(params, codes, layer) {
        const latents = layer === 0 ? latentsOf(only(params, samplers), codes) : codes.latents!;
        return stage.decode(only(params, stage.decoderLayers), latents);
      },
      stages: (layer) =>
        layer > 0
          ? undefined
          : chained({
              sampling: how,
              layers: samplers,
              conditions: embeds ? "condition" : "class",
              noiseOf({ [classTable]: own, ...params }, given, n) {
                const condition = embeds ? given : conditionsOf(given, own!.weight!);
                return {
                  model: noiseOf(params, condition, n),
                  dispose: () => {
                    for (const spent of [params, condition]) released(spent);
                  },
                };
              },
              end: { layers: stage.decoderLayers, run: stage.decode },
            }),
      advance(params, codes, layer) {
        if (layer === 0) return codes;
        released(only(params, stage.decoderLayers));
        return { latents: latentsOf(only(params, samplers), codes) };
      },
      encoder: {
        reads: [...stage.encoderLayers, ...(embeds ? [classTable] : [])],
        encode({ [classTable]: own, ...params }, images, labels): TracedCodes {
          const z = stage.encode(params, images);
          return embeds ? { z, condition: conditionsOf(labels, own!.weight!) } : { z, class: labels };
        },
        draws: (n, key) => ({ noise: noises(n, key) }),
        deeper: ({ z }, layer) => (layer === 1 ? { latents: z! } : undefined),
      },
      denoising: {
        reads: [...new Set([...stage.encoderLayers, ...learned])],
        latent,
        draws: drawn,
        loss(weights, { images, labels, draws }) {
          const latents = lax.stopGradient(stage.encode(only(weights, stage.encoderLayers), images));
          const batch = { latents: latents.ref, labels, draws: denoisingArrays(draws) };
          return { latents, ...denoisingLoss(model, only(weights, learned), batch) };
        },
      },
      training: {
        stages: [
          {
            name: "autoencoder",
            share: 0.3,
            trains: Object.keys(stage.parameters).filter((name) => name !== latentScale),
            reads: [],
            training: stage.training,
          },
          {
            name: "diffusion",
            share: 0.7,
            trains: learned,
            reads: [],
            prepare: (start) => measuredLatents(stage, start),
            training: {
              average: options.average,
              draws: drawn,
              loss(params, { images, labels, draws }) {
                const batch = { latents: images, labels, draws: denoisingArrays(draws) };
                const { loss, estimates } = denoisingLoss(model, params, batch);
                estimates.dispose();
                return [loss.ref, { denoising: loss }];
              },
            },
          },
        ],
        fitPrior: (params, { z }, labels) => ({
          ...params,
          prior: fitClassDeviations(z!.reshape([labels.length, numbers]), labels, classes),
        }),
      },
    };
  },
});
