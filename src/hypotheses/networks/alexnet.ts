import { work } from "../../engine/index.ts";
import { convBlock } from "../layers/convBlock.ts";
import type { Normalisation } from "../layers/normalisation.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten, type StageMaker } from "../layers/stage.ts";
import type { NetworkSpec } from "../network.ts";
import { declareArchitecture, normalisationOption, specOf } from "./architecture.ts";
import { firstPadding } from "./convnet.ts";

export type AlexNetOptions = {
  /** The normalisation after every convolution; "none". */
  readonly normalisation?: Normalisation;
};

/**
 * The field's AlexNet for small images: convolutions 5x5 of 128 and 192 channels, 3x3 of 256, 192 and 192, max pooling after
 * the first, second and last; no hidden linear layers, no dropout. Grey 28x28 images are padded to 32x32.
 */
export const alexnetArchitecture = declareArchitecture({
  name: "alexnet",
  title: "AlexNet",
  domains: ["image"],
  citation: work(
    "A. Krizhevsky, I. Sutskever and G. E. Hinton",
    2012,
    "ImageNet Classification with Deep Convolutional Neural Networks",
    "NeurIPS",
  ),
  options: { normalisation: normalisationOption("none") },
  body(options, input) {
    const { normalisation: norm } = options;
    const block = (i: number, channels: number, kernel: number, padding: number, pooled: boolean): StageMaker =>
      convBlock(i, {
        channels,
        kernel,
        padding,
        normalisation: norm,
        activation: "relu",
        pooling: pooled ? "max" : "none",
      });
    return sequential(
      block(1, 128, 5, firstPadding(input) + 1, true),
      block(2, 192, 5, 2, true),
      block(3, 256, 3, 1, false),
      block(4, 192, 3, 1, false),
      block(5, 192, 3, 1, true),
      flatten,
    );
  },
});

export function alexnet(options: AlexNetOptions = {}): NetworkSpec {
  return specOf(alexnetArchitecture, options);
}
