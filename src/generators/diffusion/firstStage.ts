import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer, number, type RandomKey, size, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { activation } from "../../hypotheses/layers/activation.ts";
import { conv2d } from "../../hypotheses/layers/conv2d.ts";
import { groupNorm } from "../../hypotheses/layers/normalisation.ts";
import { sequential } from "../../hypotheses/layers/sequential.ts";
import type { InitialTable, Pass, Stage, StageMaker } from "../../hypotheses/layers/stage.ts";
import { gaussianKl, reparametrised } from "../gaussianCode.ts";
import type { GeneratorGround } from "../generator.ts";
import { type Likelihood, likelihoodOf, likelihoodOptions } from "../likelihood.ts";
import type { OwnTraining } from "../training/training.ts";
import { doubled } from "./doubled.ts";

/** The options of a convolutional autoencoder. */
export const firstStageOptions = {
  z: integer(4, 1, 64, "channels of a latent"),
  halvings: integer(0, 0, 4, "times that the side is halved; 0 for twice, once where a side is below 16"),
  channels: integer(16, 2, 512, "channels of the autoencoder at full side, doubled with every halving"),
  kl: number(0.1, 0, undefined, "weight of the divergence of a latent from N(0, I)"),
  ...likelihoodOptions,
};

interface FirstStageOptions {
  readonly z: number;
  readonly halvings: number;
  readonly channels: number;
  readonly kl: number;
  readonly likelihood: "bernoulli" | "gaussian";
  readonly deviation: number;
}

/** The first stage of latent diffusion (Rombach et al. 2022): images to latents and back. */
export interface FirstStage {
  /** The parameters, `latent.deviation` among them: that of the latents, by which they are divided. It is measured, not learned. */
  readonly parameters: InitialTable;
  readonly encoderLayers: readonly string[];
  readonly decoderLayers: readonly string[];
  /** [z, h, w] of a latent. */
  readonly latent: readonly [number, number, number];
  /** [n, C, H, W] → latents [n, z, h, w], means over their deviation. Consumes what it is given. */
  encode(params: TracedParams, images: Traced): Traced;
  /** Latents [n, z, h, w] → [n, C, H, W] in the training normalisation. Consumes what it is given. */
  decode(params: TracedParams, latents: Traced): Traced;
  /** E [−log p(x|z) + kl KL(q(z|x) ‖ N(0, I))]. */
  readonly training: OwnTraining;
}

/** The layer that holds the deviation of latents. */
export const latentScale = "latent";

const pass: Pass = { moments: "batch" };

/** Times that the sides of an image are halved. */
const halvingsOf = (asked: number, [, height, width]: readonly number[]): number => {
  if (asked > 0) return asked;
  return Math.min(height!, width!) < 16 ? 1 : 2;
};

/** Zeros around a side that bring it to a multiple. */
const padsTo = (side: number, multiple: number): [number, number] => {
  const missing = (multiple - (side % multiple)) % multiple;
  return [missing >> 1, missing - (missing >> 1)];
};

/**
 * The autoencoder: convolutions of stride 2 down, nearest upsampling and convolutions back up, group normalisation and swish between. Sides are
 * filled up with zeros to whole numbers of latents, and cut to size again.
 *
 * @param further halvings that the latent's side must admit
 * @throws AttarError "bad-combination" for pixels in 0..1 of samples that have no black and white
 */
export function firstStage(options: FirstStageOptions, ground: GeneratorGround, further = 0): FirstStage {
  const { z, channels, kl } = options;
  const { shape } = ground;
  const [depth, height, width] = shape;
  const halvings = halvingsOf(options.halvings, shape);
  const own: Likelihood = likelihoodOf(options, ground);
  const [rows, columns] = [height, width].map((side) => padsTo(side, 2 ** (halvings + further))) as [
    [number, number],
    [number, number],
  ];
  const padded = [depth, height + rows[0] + rows[1], width + columns[0] + columns[1]];
  const block = (layer: string, out: number, stride: number): StageMaker =>
    sequential(
      conv2d(layer, { channels: out, kernel: 3, stride, padding: 1 }),
      groupNorm(`${layer}.norm`, Math.min(8, out)),
      activation("swish"),
    );
  const plainConvolution = (layer: string, out: number) => conv2d(layer, { channels: out, kernel: 3, padding: 1 });
  const wide = (level: number) => channels * 2 ** level;
  const levels = Array.from({ length: halvings }, (_, k) => k + 1);
  const down = sequential(
    plainConvolution("encoder.in", channels),
    activation("swish"),
    ...levels.map((k) => block(`encoder.half${k}`, wide(k), 2)),
  )(padded);
  const mean = plainConvolution("encoder.mean", z)(down.output);
  const logVariance = plainConvolution("encoder.logVariance", z)(down.output);
  const latent = mean.output as [number, number, number];
  const up = sequential(
    plainConvolution("decoder.in", wide(halvings)),
    activation("swish"),
    ...[...levels].reverse().map((k) => sequential(doubled, block(`decoder.twice${k}`, wide(k - 1), 1))),
    plainConvolution("decoder.out", depth),
  )(latent);
  const names = (...stages: readonly Stage[]) => stages.flatMap(({ parameters }) => Object.keys(parameters));
  const seenOf = (params: TracedParams, images: Traced) =>
    down.apply(params, np.pad(images, [[0, 0], [0, 0], rows, columns]), pass);
  const outputs = (params: TracedParams, latents: Traced) => {
    const whole = up.apply(params, latents, pass);
    const cut = whole.slice([], [], [rows[0], rows[0] + height], [columns[0], columns[0] + width]);
    return cut.reshape([-1, size(shape)]);
  };
  const count = size(latent);
  return {
    parameters: {
      ...down.parameters,
      ...mean.parameters,
      ...logVariance.parameters,
      ...up.parameters,
      [latentScale]: { deviation: { shape: [1], start: { value: 1 } } },
    },
    encoderLayers: [...names(down, mean), latentScale],
    decoderLayers: [...names(up), latentScale],
    latent,
    encode: (params, images) => mean.apply(params, seenOf(params, images), pass).div(params[latentScale]!.deviation!),
    decode: (params, latents) => own.sample(outputs(params, latents.mul(params[latentScale]!.deviation!))),
    training: {
      draws: (n, key: RandomKey) => ({ noise: tensor(key.fold("noise").normal(n * count), [n, ...latent]) }),
      loss(params, { images, labels, draws: { noise } }) {
        labels.dispose();
        params[latentScale]?.deviation?.dispose();
        const seen = seenOf(params, images.ref);
        const flat = (x: Traced) => x.reshape([-1, count]);
        const [m, v] = [mean.apply(params, seen.ref, pass), logVariance.apply(params, seen, pass)];
        const code = reparametrised(m.ref, v.ref, noise!);
        const reconstruction = np.mean(own.loss(outputs(params, code), images));
        const divergence = np.mean(gaussianKl(flat(m), flat(v))).mul(kl);
        return [reconstruction.ref.add(divergence.ref), { reconstruction, kl: divergence }];
      },
    },
  };
}
