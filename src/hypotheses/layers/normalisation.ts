import type { Array as Traced } from "@jax-js/jax";
import { AttarError, type Citation, work } from "../../engine/index.ts";
import { batchNorm } from "./batchNorm.ts";
import { tooSmall } from "./conv2d.ts";
import { groupNormalised } from "./groupNormalised.ts";
import { plain, type Stage, type StageMaker } from "./stage.ts";
import { epsilon, standardised } from "./standardised.ts";

export type Normalisation = "instance" | "group" | "layer" | "batch" | "none";

export const normalisations: readonly Normalisation[] = ["instance", "group", "layer", "batch", "none"];

/** The works that normalisations come from. */
export const normalisationCitations = {
  instance: work(
    "D. Ulyanov, A. Vedaldi and V. Lempitsky",
    2016,
    "Instance Normalization: The Missing Ingredient for Fast Stylization",
    "arXiv 1607.08022",
  ),
  group: work("Y. Wu and K. He", 2018, "Group Normalization", "ECCV"),
  layer: work("J. L. Ba, J. R. Kiros and G. E. Hinton", 2016, "Layer Normalization", "arXiv 1607.06450"),
  batch: work(
    "S. Ioffe and C. Szegedy",
    2015,
    "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    "ICML",
  ),
} satisfies Partial<Record<Normalisation, Citation>>;

/**
 * (x − mean) / √(variance + 1e-5) · weight + bias with the biased variance, over
 * - `instance`: each channel of each image. The field builds it as a group norm with one channel a group: no running
 *   statistics, the same in training and evaluation;
 * - `group`: 4 groups of channels of each image;
 * - `layer`: each whole image, weight and bias [C, H, W];
 * - `batch`: each channel over the batch, see {@link batchNorm}.
 *
 * Weight starts at 1 and bias at 0.
 *
 * @throws AttarError "input-too-small" for instance normalisation of a 1x1 map, whose result is zero whatever the image.
 */
export function normalisation(layer: string, kind: Normalisation): StageMaker {
  return (input) => {
    switch (kind) {
      case "none":
        return plain(input, (x) => x);
      case "batch":
        return batchNorm(layer)(input);
      case "instance":
        return instanceNorm(layer, input);
      case "group":
        return groupNorm(layer, 4)(input);
      case "layer":
        return layerNorm(layer, input);
    }
  };
}

function instanceNorm(layer: string, input: readonly number[]): Stage {
  const [channels, height, width] = input as [number, number, number];
  if (height * width === 1) throw tooSmall(layer, "instance normalisation, which makes a single pixel zero", input);
  return stage(layer, [channels], input, (x, weight, bias) => {
    const { centred, scale } = standardised(x, [2, 3], height * width);
    return centred.mul(scale.mul(weight.reshape([1, channels, 1, 1]))).add(bias.reshape([1, channels, 1, 1]));
  });
}

/**
 * Normalisation over `groups` of channels of each image: [n, C, H, W], weight and bias [C].
 *
 * @throws AttarError "invalid-option" where the groups do not divide the channels
 */
export const groupNorm =
  (layer: string, groups: number, under = epsilon): StageMaker =>
  (input) =>
    groupNormOf(layer, groups, under, input);

function groupNormOf(layer: string, groups: number, under: number, input: readonly number[]): Stage {
  const channels = input[0]!;
  if (channels % groups !== 0)
    throw new AttarError(
      "invalid-option",
      `group normalisation needs a number of channels that ${groups} divides, layer ${layer} has ${channels}`,
      `Choose a width that is a multiple of ${groups}, or another normalisation.`,
    );
  return stage(layer, [channels], input, (x, weight, bias) => groupNormalised(x, { weight, bias }, groups, under));
}

function layerNorm(layer: string, input: readonly number[]): Stage {
  const count = input.reduce((a, b) => a * b, 1);
  return stage(layer, input, input, (x, weight, bias) => {
    const { centred, scale } = standardised(x, [1, 2, 3], count);
    return centred.mul(scale).mul(weight).add(bias);
  });
}

function stage(
  layer: string,
  shape: readonly number[],
  output: readonly number[],
  apply: (x: Traced, weight: Traced, bias: Traced) => Traced,
): Stage {
  return {
    parameters: { [layer]: { weight: { shape, start: { value: 1 } }, bias: { shape, start: { value: 0 } } } },
    statistics: {},
    output,
    apply: (params, x) => apply(x, params[layer]!.weight!, params[layer]!.bias!),
  };
}
