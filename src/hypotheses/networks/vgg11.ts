import { work } from "../../engine/index.ts";
import { convBlock } from "../layers/convBlock.ts";
import type { Normalisation } from "../layers/normalisation.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { declareArchitecture, normalisationOption, specOf } from "./architecture.ts";
import { firstPadding } from "./convnet.ts";

export type Vgg11Options = {
  /** "instance". */
  readonly normalisation?: Normalisation;
};

/** Channels of each 3x3 convolution, and whether 2x2 max pooling follows. */
const blocks: readonly (readonly [channels: number, pooled: boolean])[] = [
  [64, true],
  [128, true],
  [256, false],
  [256, true],
  [512, false],
  [512, true],
  [512, false],
  [512, true],
];

/** VGG-11 (Simonyan and Zisserman 2015) for small images, with normalisation and a single linear layer. */
export const vgg11Architecture = declareArchitecture({
  name: "vgg11",
  title: "VGG-11",
  domains: ["image"],
  citation: work(
    "K. Simonyan and A. Zisserman",
    2015,
    "Very Deep Convolutional Networks for Large-Scale Image Recognition",
    "ICLR",
  ),
  options: { normalisation: normalisationOption("instance") },
  body(options, input) {
    const { normalisation: norm } = options;
    const stages = blocks.map(([channels, pooled], i) =>
      convBlock(i + 1, {
        channels,
        kernel: 3,
        padding: i === 0 ? firstPadding(input) : 1,
        normalisation: norm,
        activation: "relu",
        pooling: pooled ? "max" : "none",
      }),
    );
    return sequential(...stages, flatten);
  },
});

export function vgg11(options: Vgg11Options = {}): NetworkSpec {
  return specOf(vgg11Architecture, options);
}
