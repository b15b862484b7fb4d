import { AttarError, work } from "../../engine/index.ts";
import type { Activation } from "../layers/activation.ts";
import { convBlock } from "../layers/convBlock.ts";
import type { Normalisation } from "../layers/normalisation.ts";
import type { Pooling } from "../layers/pooling.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { activationOption, declareArchitecture, normalisationOption, poolingOption, specOf } from "./architecture.ts";
import { type InitialLaw, initialLawCitations, initialLaws } from "./initialise.ts";
import { choice, integer } from "./options.ts";

export type ConvNetOptions = {
  /** Blocks; 3. */
  readonly depth?: number;
  /** Channels of the first block; 128. */
  readonly width?: number;
  /** The factor by which channels grow from block to block; 1. */
  readonly growth?: number;
  /** "relu". */
  readonly activation?: Activation;
  /** "instance". */
  readonly normalisation?: Normalisation;
  /** "avg". */
  readonly pooling?: Pooling;
  /** "he-uniform". */
  readonly initialisation?: InitialLaw;
};

/**
 * The field's ConvNet (Gidaris and Komodakis 2018, as used by Zhao et al. 2021): `depth` blocks of 3x3 convolution with bias,
 * normalisation, activation and 2x2 pooling, flattened. Grey 28x28 images are padded to 32x32 by the first convolution. FRePo and
 * RCIG double the channels from block to block and do not normalise, and their weights start as Flax's: `growth=2,normalisation=none,initialisation=lecun-normal`.
 */
export const convnetArchitecture = declareArchitecture({
  name: "convnet",
  title: "ConvNet",
  domains: ["image"],
  citation: work("S. Gidaris and N. Komodakis", 2018, "Dynamic Few-Shot Visual Learning without Forgetting", "CVPR"),
  options: {
    depth: integer(3, 1, 16),
    width: integer(128, 1, 4096),
    growth: integer(1, 1, 4),
    activation: activationOption,
    normalisation: normalisationOption("instance"),
    pooling: poolingOption,
    initialisation: choice("he-uniform", initialLaws, undefined, initialLawCitations),
  },
  body(options, input) {
    const { depth, width, growth, activation: act, normalisation: norm, pooling } = options;
    const first = firstPadding(input);
    const side = Math.min(input[1], input[2]) + 2 * first - 2;
    const deepest = Math.floor(Math.log2(side));
    if (pooling !== "none" && depth > deepest) throw tooDeep(depth, deepest, input);
    const blocks = Array.from({ length: depth }, (_, i) =>
      convBlock(i + 1, {
        channels: width * growth ** i,
        kernel: 3,
        padding: i === 0 ? first : 1,
        normalisation: norm,
        activation: act,
        pooling,
      }),
    );
    return sequential(...blocks, flatten);
  },
  law: ({ initialisation }) => initialisation,
});

/** Padding of a first 3x3 convolution: 3 brings MNIST's grey 28x28 to 32x32, elsewhere 1 keeps the size. */
export function firstPadding([channels, height, width]: readonly [number, number, number]): number {
  return channels === 1 && height === 28 && width === 28 ? 3 : 1;
}

function tooDeep(depth: number, deepest: number, [, height, width]: readonly number[]): AttarError {
  const most = Math.max(0, deepest);
  return new AttarError(
    "input-too-small",
    `its depth of ${depth} halves the image ${depth} times, and ${height}x${width} can be halved ${most} times`,
    deepest >= 1
      ? `Use convnet:depth=${deepest} or less, or convnet:depth=${depth},pooling=none.`
      : "use an mlp: --net mlp, or --nets mlp to evaluate",
  );
}

/** A ConvNet spec; `convnet()` is the field's ConvNet-3 of width 128 with instance normalisation and average pooling. */
export function convnet(options: ConvNetOptions = {}): NetworkSpec {
  return specOf(convnetArchitecture, options);
}
