import type { Dataset } from "../../../data/dataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { countOf, samplesOf } from "../../../data/samples.ts";
import { type Runtime, randomKey, type Tensor, tensor } from "../../../engine/index.ts";
import { finiteLearner } from "../../../evaluate/finite.ts";
import { isRight, rowsOfOutputs } from "../../../evaluate/readings/outputs.ts";
import { buildNetwork, fieldRecipe, type NetworkSpec, resolveNetwork } from "../../../hypotheses/index.ts";

/** Training images that it sees, and how often: enough to tell classes apart, in seconds. */
const most = 8000;
const batch = 64;
const fewestSteps = 300;
const fewestPasses = 8;
/** Test images that its accuracy is taken on. */
const tested = 2000;

/** A network that was trained on real images, to ask what it takes others for. */
export interface Classifier {
  /** Its accuracy on the test split, or where there is none on training images that it has not seen. */
  readonly accuracy: number;
  /** The class that it takes each image for. @param images [n, C, H, W] on the dataset's normalisation, without whitening */
  predict(images: Float32Array): Promise<Int32Array>;
  dispose(): void;
}

/** Trains a small network of the dataset's kind on some of the training split. Equal seeds give equal ones. */
export async function classifierOf(
  dataset: Dataset,
  options: { readonly runtime: Runtime; readonly seed?: number; readonly signal?: AbortSignal },
): Promise<Classifier> {
  const { runtime, seed = 0, signal } = options;
  const { zca: _, ...plain } = dataset.normalisation;
  const seen: Dataset = { ...dataset, normalisation: plain };
  const reader = readerOf(seen);
  const key = randomKey(seed).fold("doctor");
  const spec: NetworkSpec = resolveNetwork(dataset.domain.network);
  const narrow = Object.hasOwn(spec.options, "width") ? { ...spec.options, width: 32 } : spec.options;
  const learner = runtime.enter(() =>
    finiteLearner(buildNetwork({ ...spec, options: narrow }, dataset.shape, dataset.classes.length)),
  );
  const order = key.fold("rows").permutation(countOf(dataset, "train"));
  const held = countOf(dataset, "test") > 0 ? 0 : Math.ceil(order.length / 5);
  const training = order.subarray(held, held + most);
  const epochs = Math.max(fewestPasses, Math.ceil(fewestSteps / Math.ceil(training.length / batch)));
  const network = await runtime.throughout(async () =>
    learner.train(
      await reader.batch("a network to judge labels by", { rows: training }),
      {
        ...fieldRecipe,
        optimizer: "adam",
        learningRate: 1e-3,
        momentum: 0.9,
        weightDecay: 0,
        batch,
        epochs,
      },
      key.fold("train"),
      { ...(signal && { signal }) },
    ),
  );
  const outputsOf = (images: Tensor) => runtime.throughout(() => network.predict(images));
  const rows = held > 0 ? order.subarray(0, held) : key.fold("tested").permutation(countOf(dataset, "test"));
  const asked = rows.subarray(0, tested);
  const some =
    held > 0
      ? await reader.batch("the accuracy of a network to judge labels by", { rows: asked })
      : await samplesOf(seen, "test", asked);
  let right = 0;
  for (const [row, i] of rowsOfOutputs(await outputsOf(some.images))) if (isRight(row, some.labels[i]!)) right++;
  return {
    accuracy: right / some.labels.length,
    async predict(images) {
      const n = images.length / dataset.shape.reduce((a, b) => a * b);
      const out = new Int32Array(n);
      for (const [row, i] of rowsOfOutputs(await outputsOf(tensor(images, [n, ...dataset.shape])))) {
        let best = 0;
        for (let c = 1; c < row.length; c++) if (row[c]! > row[best]!) best = c;
        out[i] = best;
      }
      return out;
    },
    dispose: () => learner.dispose(),
  };
}
