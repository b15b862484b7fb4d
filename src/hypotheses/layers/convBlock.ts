import { numpy as np } from "@jax-js/jax";
import { type Activation, activation } from "./activation.ts";
import { type Conv2dOptions, conv2d } from "./conv2d.ts";
import { type Normalisation, normalisation } from "./normalisation.ts";
import { patchesOf } from "./patches.ts";
import { type Pooling, pool2x2 } from "./pooling.ts";
import { sequential } from "./sequential.ts";
import type { StageMaker } from "./stage.ts";
import { standardisedProduct } from "./standardised.ts";

export interface ConvBlockOptions extends Conv2dOptions {
  readonly normalisation: Normalisation;
  readonly activation: Activation;
  readonly pooling: Pooling;
}

/** Most numbers under a kernel, over all channels, for which a block is a {@link firstBlock}. */
const fewTaps = 32;

/** Layers `conv<i>`, `norm<i>` and `pool<i>`: convolution, normalisation, activation and 2x2 pooling. */
export function convBlock(i: number, options: ConvBlockOptions): StageMaker {
  return (input) => {
    const { kernel, stride = 1, normalisation } = options;
    const isFirst = input[0]! * kernel ** 2 <= fewTaps && stride === 1 && normalisation === "instance";
    return (isFirst ? firstBlock : plainBlock)(i, options)(input);
  };
}

/** The four stages one after the other. */
export const plainBlock = (i: number, options: ConvBlockOptions): StageMaker =>
  sequential(
    conv2d(`conv${i}`, options),
    normalisation(`norm${i}`, options.normalisation),
    activation(options.activation),
    pool2x2(`pool${i}`, options.pooling),
  );

/**
 * The same where a kernel covers few numbers, as a network's first: convolution and instance normalisation are one
 * {@link standardisedProduct} of the image's patches. For average pooling these come in the order of its windows: four planes
 * are added up, and share their gradient as it is.
 */
function firstBlock(i: number, options: ConvBlockOptions): StageMaker {
  return (input) => {
    const { channels, kernel, padding = 0, pooling } = options;
    const [convolved, whole] = [conv2d(`conv${i}`, options), plainBlock(i, options)].map((make) => make(input));
    const [, height, width] = convolved!.output as [number, number, number];
    const pixels = height * width;
    const after = sequential(activation(options.activation), pool2x2(`pool${i}`, pooling))(convolved!.output);
    const activate = activation(options.activation)([channels, 4, pixels / 4]);
    const isTiled = pooling === "avg" && kernel % 2 === 1 && height % 2 === 0 && width % 2 === 0;
    return {
      ...whole!,
      apply(params, x, pass) {
        const n = x.shape[0]!;
        const byWindows = isTiled && !pass.activations;
        const patches = patchesOf(x, { kernel, padding, window: byWindows ? 2 : 1 });
        const { weight, bias } = params[`conv${i}`]!;
        const { weight: gain, bias: offset } = params[`norm${i}`]!;
        // Alike over a plane: the mean takes it away.
        bias?.dispose();
        const y = standardisedProduct(patches, {
          weight: weight!.reshape([1, channels, input[0]! * kernel ** 2]),
          gain: gain!.reshape([1, channels, 1]),
          offset: offset!.reshape([1, channels, 1]),
        });
        if (!byWindows) return after.apply(params, y.reshape([n, ...convolved!.output]), pass);
        const r = activate.apply(params, y.reshape([n, channels, 4, pixels / 4]), pass);
        return np
          .sum(r, 2)
          .mul(0.25)
          .reshape([n, ...whole!.output]);
      },
    };
  };
}
