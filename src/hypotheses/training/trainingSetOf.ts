import type { Tensor } from "../../engine/index.ts";
import type { TrainingSet } from "./train.ts";

/** Samples as a set to train on: the numbers to predict [n, k] are its labels where they have any. */
export const trainingSetOf = ({
  images,
  labels,
  values,
}: {
  readonly images: Tensor;
  readonly labels: Int32Array;
  readonly values?: Tensor;
}): TrainingSet => (values ? { images, labels: values, loss: "squared-error" } : { images, labels });
