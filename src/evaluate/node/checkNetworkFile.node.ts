import type { Dataset } from "../../data/dataset.ts";
import { normaliseBatch } from "../../data/normaliseBatch.ts";
import { AttarError, size } from "../../engine/index.ts";
import type { TrainedNetwork } from "../readings/index.ts";

/** Samples that both are asked about; the file is asked about them in two batches of other sizes than one another. */
const asked = 100;
const first = 33;
/** The largest difference between outputs that the order of float32 sums explains, as a share of the largest output. */
const tolerance = 1e-3;

/**
 * Runs a network's ONNX file in ONNX Runtime on stored test samples and holds its outputs against the network's own.
 *
 * @param dataset on the set's normalisation
 * @returns the largest difference as a share of the largest output, and how many samples it was taken on
 * @throws AttarError "wrong-file" (exit code 1) where they differ by more than rounding
 */
export async function checkNetworkFile(
  file: Uint8Array,
  network: TrainedNetwork,
  dataset: Dataset,
): Promise<{ difference: number; samples: number }> {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(file, { executionProviders: ["cpu"], logSeverityLevel: 3 });
  try {
    const { test, domain, normalisation, target } = dataset;
    const each = size(dataset.shape);
    const count = Math.min(asked, test.labels.length);
    const rows = Int32Array.from({ length: count }, (_, i) => i);
    const wanted = await network.predict(await normaliseBatch(dataset, "test", rows));
    const width = wanted.data.length / count;
    const own = Float32Array.from(wanted.data, (v, i) =>
      target ? v * target.std[i % width]! + target.mean[i % width]! : v,
    );
    const stored = Float32Array.from(test.images.subarray(0, count * each), (v) => v / normalisation.scale);
    let [difference, largest] = [0, 0];
    for (const [from, to] of [
      [0, Math.min(first, count)],
      [Math.min(first, count), count],
    ] as const) {
      if (to === from) continue;
      const samples = new ort.Tensor("float32", stored.subarray(from * each, to * each), [to - from, ...domain.shape]);
      const results = await session.run({ samples });
      const found = results[session.outputNames[0]!]!.data as Float32Array;
      found.forEach((value, i) => {
        difference = Math.max(difference, Math.abs(value - own[from * width + i]!));
        largest = Math.max(largest, Math.abs(value));
      });
    }
    if (!(difference <= tolerance * largest))
      throw new AttarError(
        "wrong-file",
        `the ONNX file's outputs differ from the network's by ${difference}, where the largest is ${largest}`,
        "another network may have a file that agrees: --net convnet",
        1,
      );
    return { difference: largest > 0 ? difference / largest : 0, samples: count };
  } finally {
    await session.release();
  }
}
