import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, Tensor } from "../../engine/index.ts";

/** Mean over the batch of −Σₖ targetₖ · log softmax(logits)ₖ; [n, K] and [n, K] to a scalar. Consumes both. */
export function crossEntropy(logits: Traced, targets: Traced): Traced {
  const n = logits.shape[0]!;
  return np.sum(targets.mul(nn.logSoftmax(logits))).mul(-1 / n);
}

/**
 * Class indices as rows of zeros with a one: [n] to [n, K].
 *
 * @throws AttarError "label-out-of-range".
 */
export function oneHot(labels: Int32Array, classes: number): Tensor {
  const data = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    if (label < 0 || label >= classes)
      throw new AttarError("label-out-of-range", `label ${label} of image ${i} is not one of ${classes} classes`);
    data[i * classes + label] = 1;
  });
  return new Tensor(data, [labels.length, classes], "float32");
}
