import type { Tuning } from "./method.ts";

/**
 * The code of DC's authors, which CAFE builds on, trains networks on sets of MNIST with an operator drawn for every image,
 * though S is condensed without any: their figures are not those of plain training.
 */
export const singleImages: Tuning = {
  datasets: ["mnist"],
  set: { "evaluation.augmentation": "per-image:crop_scale_rotate" },
};
