import type { Dataset } from "../data/dataset.ts";
import { AttarError, type Tensor } from "../engine/index.ts";
import {
  infiniteNetworkNamed,
  kernelOfInfinite,
  kernelRidge,
  type NetworkSpec,
  oneHot,
  type TrainingSet,
} from "../hypotheses/index.ts";

/**
 * Test accuracy of an infinitely wide network trained on a set in closed form (§5.2.2), as KIP's and RFAD's authors score:
 * ridge regression on the labels, hard ones less 1/K. No network is drawn, so a set has one run.
 *
 * @throws AttarError "unknown-network", "ill-conditioned" (exit code 3), "interrupted" (exit code 4).
 */
export async function accuracyOfInfinite(
  spec: NetworkSpec,
  { images, labels }: TrainingSet,
  dataset: Dataset,
  batches: AsyncIterable<{ images: Tensor; labels: Int32Array }>,
  signal?: AbortSignal,
): Promise<number> {
  const network = infiniteNetworkNamed(spec.name)!;
  const kernel = kernelOfInfinite(network, spec.options, dataset.shape);
  const ridge = kernelRidge(kernel, {
    ridge: spec.options.ridge as number,
    precision: kernel.exact ? "float64" : "float32",
  });
  try {
    const fit = await ridge.fit({ images, labels: labels instanceof Int32Array ? centred(labels, dataset) : labels });
    let right = 0;
    let all = 0;
    for await (const batch of batches) {
      if (signal?.aborted) throw new AttarError("interrupted", "the evaluation was interrupted", "", 4);
      const { data, shape } = await ridge.predict(fit, batch.images);
      const classes = shape[1]!;
      for (const [i, label] of batch.labels.entries()) {
        const row = data.subarray(i * classes, (i + 1) * classes);
        if (row.indexOf(Math.max(...row)) === label) right += 1;
        all += 1;
      }
    }
    return right / all;
  } finally {
    ridge.dispose();
  }
}

function centred(labels: Int32Array, dataset: Dataset): Tensor {
  const targets = oneHot(labels, dataset.classes.length);
  const data = targets.data as Float32Array;
  for (let i = 0; i < data.length; i++) data[i] = data[i]! - 1 / dataset.classes.length;
  return targets;
}
