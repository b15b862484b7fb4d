import type { Tuning } from "./method.ts";

/**
 * The code of DC's authors, which DCC and CAFE build on, trains networks on sets of MNIST with an operator drawn for every image,
 * though S is condensed without any: their figures are not those of plain training.
 */
export const singleImages: Tuning = {
  datasets: ["mnist"],
  set: { "evaluation.augmentation": "per-image:crop_scale_rotate" },
};

/** The difference that operators drawn for every image make, for a method's departures. */
export const singleImagesDeparture =
  "Operators of single images, drawn when networks train on sets of MNIST, are like the authors' but for details: theirs fill what a shift uncovers with the channel's mean, scale each axis by 0.8 to 1.2 to the nearest pixel and turn by whole degrees; here that is zero, 1/1.2 to 1.2 and any angle, interpolated.";
