import { defocusBlur, gaussianBlur, zoomBlur } from "./blur.ts";
import { pixelate, quantise, stripe } from "./coarse.ts";
import type { Corruption } from "./corruption.ts";
import { brightness, contrast, fog } from "./light.ts";
import { gaussianNoise, impulseNoise, shotNoise, speckleNoise } from "./noise.ts";
import { elastic, rotate, scale, shear, translate } from "./place.ts";

export { type Corruption, corrupted, type Draws, type Picture } from "./corruption.ts";

/**
 * attar-C, after MNIST-C (Mu and Gilmer 2019) and CIFAR-10-C (Hendrycks and Dietterich 2019): corruptions that arithmetic alone can make, at
 * an image's own size. Strengths follow theirs where they have the same; figures on their published files are others.
 */
export const corruptions: readonly Corruption[] = [
  gaussianNoise,
  shotNoise,
  impulseNoise,
  speckleNoise,
  gaussianBlur,
  defocusBlur,
  zoomBlur,
  contrast,
  brightness,
  fog,
  pixelate,
  quantise,
  stripe,
  rotate,
  shear,
  scale,
  translate,
  elastic,
];
