/**
 * The losses that attacks raise, of logits z and label y; t is another class:
 * - `cross-entropy`: −log softmax(z)_y;
 * - `dlr`: difference of logits ratio, −(z_y − max_{k≠y} z_k) / (z_(1) − z_(3)), z_(r) the r-th largest (Croce and Hein 2020);
 * - `targeted-dlr`: −(z_y − z_t) / (z_(1) − ½(z_(3) + z_(4)));
 * - `margin`: max_{k≠y} z_k − z_y, above 0 where the image is classified wrongly;
 * - `difference`: z_t − z_y.
 */
export type AttackLoss = "cross-entropy" | "dlr" | "targeted-dlr" | "margin" | "difference";

/** A loss of every image, its gradient in the pixels [n, d], and the logits [n, K] that it is of. */
export interface Slope {
  readonly logits: Float64Array;
  readonly loss: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * A classifier as an attack sees it: a function of pixels, black at 0 and white at 1, with normalisation inside. Rows are images
 * [n, d], d = channels · height · width. An image's results do not depend on the others of its batch.
 */
export interface Victim {
  readonly classes: number;
  /** [channels, height, width]. */
  readonly shape: readonly [number, number, number];
  logits(images: Float64Array): Promise<Float64Array>;
  /** @param targets the other class of each image, for the losses that have one */
  slope(loss: AttackLoss, images: Float64Array, labels: Int32Array, targets?: Int32Array): Promise<Slope>;
}
