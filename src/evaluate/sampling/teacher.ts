import { readerOf } from "../../data/reader.ts";
import { AttarError, integer, number, randomKey, Tensor, work } from "../../engine/index.ts";
import { buildNetwork, fieldRecipe, resolveNetwork, trainingSetOf } from "../../hypotheses/index.ts";
import { finiteLearner } from "../finite.ts";
import { declareSampling } from "./sampling.ts";

/** Probabilities of a network that was trained on all of T, in place of labels: of the set and of the coresets beside it. */
export const teacher = declareSampling({
  title: "labels of a network that was trained on T",
  reference: "§5.2.1",
  citation: work(
    "D. Su, J. Hou, W. Gao, Y. Tian and B. Tang",
    2024,
    "D^4M: Dataset Distillation via Disentangled Diffusion Model",
    "CVPR",
  ),
  options: {
    epochs: integer(0, 0, undefined, "passes of the teacher over T; 0 for three, or as many as make 500 steps"),
    temperature: number(4, 1e-3, undefined, "τ: its logits are divided by this"),
  },
  coresetsToo: true,
  async make({ epochs, temperature }, { dataset, seed, signal, onPass }) {
    if (dataset.target)
      throw new AttarError(
        "bad-combination",
        "a teacher gives probabilities of classes, and here numbers are predicted",
        "--protocol bank",
      );
    const { shape, classes, domain, normalisation } = dataset;
    const learner = finiteLearner(buildNetwork(resolveNetwork(domain.network), shape, classes.length));
    const real = trainingSetOf(await readerOf(dataset).batch("training a teacher", {}));
    const steps = Math.ceil(real.images.shape[0]! / fieldRecipe.batch);
    const passes = epochs || Math.max(3, Math.ceil(500 / steps));
    const recipe = { ...fieldRecipe, epochs: passes, augmentation: "" };
    const key = randomKey(seed).fold("evaluate").fold("teacher");
    const network = await learner.train(real, recipe, key, {
      normalisation,
      ...(signal && { signal }),
      onPass: (pass, loss) => onPass?.(Math.min(pass + 1, passes), passes, loss),
    });
    return {
      async of(set) {
        return { ...set, labels: softened(await network.predict(set.images), temperature), loss: "cross-entropy" };
      },
      dispose: () => learner.dispose(),
    };
  },
});

/** softmax(logits / τ), row by row. */
function softened({ data, shape }: Tensor, temperature: number): Tensor {
  const [n, k] = shape as [number, number];
  const out = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    const row = Array.from(data.subarray(i * k, (i + 1) * k), (v) => v / temperature);
    const largest = Math.max(...row);
    const powers = row.map((v) => Math.exp(v - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((p, c) => {
      out[i * k + c] = p / sum;
    });
  }
  return new Tensor(out, shape, "float32");
}
