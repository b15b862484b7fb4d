import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type Tensor, tensor } from "../../engine/index.ts";
import type { Draw } from "./draw.ts";
import { resampling } from "./resampling.ts";

/** A draw per group as arrays, so that one compiled graph serves every draw. */
export type AugmentationTensors = {
  /** [groups, pixels · 4] pixels of the group's own images. */
  index: Tensor;
  /** [groups, pixels · 4, 1]. */
  weight: Tensor;
  /** [groups, 1, 1, 1] each. */
  brightness: Tensor;
  saturation: Tensor;
  contrast: Tensor;
};
export type TracedAugmentation = { [K in keyof AugmentationTensors]: Traced };

/** Packs one draw per group of images. */
export function augmentationTensors(draws: readonly Draw[], height: number, width: number): AugmentationTensors {
  const plane = height * width;
  const index = new Int32Array(draws.length * plane * 4);
  const weight = new Float32Array(draws.length * plane * 4);
  draws.forEach((draw, g) => {
    const map = resampling(draw, height, width);
    index.set(map.index, g * plane * 4);
    weight.set(map.weight, g * plane * 4);
  });
  const scalars = (pick: (d: Draw) => number) => tensor(Float32Array.from(draws, pick), [draws.length, 1, 1, 1]);
  return {
    index: tensor(index, [draws.length, plane * 4]),
    weight: tensor(weight, [draws.length, plane * 4, 1]),
    brightness: scalars((d) => d.brightness),
    saturation: scalars((d) => d.saturation),
    contrast: scalars((d) => d.contrast),
  };
}

/**
 * Differentiable siamese augmentation (Zhao and Bilen 2021; the operator 𝒜 of §5.3.1): every operator is affine in the
 * pixels, so it differentiates to any order.
 *
 * @param images [groups, n, C, H, W]; group g gets draw g. @param colourFirst as the draws say.
 * @returns the same shape.
 */
export function augmentTraced(images: Traced, draw: TracedAugmentation, colourFirst = false): Traced {
  return colourFirst ? moved(recoloured(images, draw), draw) : recoloured(moved(images, draw), draw);
}

function moved(images: Traced, draw: TracedAugmentation): Traced {
  const [groups, n, channels, height, width] = images.shape as [number, number, number, number, number];
  const plane = height * width;
  const rows = images
    .reshape([groups, n * channels, plane])
    .transpose([0, 2, 1])
    .reshape([groups * plane, n * channels]);
  const offsets = np.arange(groups).mul(plane).astype(np.int32).reshape([groups, 1]);
  const at = (groups === 1 ? draw.index : draw.index.add(offsets)).reshape([groups * plane * 4]);
  const taps = rows.slice(at).reshape([groups * plane, 4, n * channels]);
  const sums = np.sum(taps.mul(draw.weight.reshape([groups * plane, 4, 1])), 1);
  return sums
    .reshape([groups, plane, n, channels])
    .transpose([0, 2, 3, 1])
    .reshape([groups, n, channels, height, width]);
}

function recoloured(images: Traced, draw: TracedAugmentation): Traced {
  const [groups, n, channels, height, width] = images.shape as [number, number, number, number, number];
  let x = images.reshape([groups, n, channels, height * width]).add(draw.brightness);
  if (channels > 1) {
    const grey = np.mean(x.ref, 2, { keepdims: true });
    x = x.sub(grey.ref).mul(draw.saturation).add(grey);
  }
  const mean = np.mean(x.ref, [2, 3], { keepdims: true });
  x = x.sub(mean.ref).mul(draw.contrast).add(mean);
  return x.reshape([groups, n, channels, height, width]);
}
