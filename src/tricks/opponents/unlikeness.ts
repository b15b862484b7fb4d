import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer, number, type RandomKey, referenced, Tensor, work } from "../../engine/index.ts";
import { buildNetwork, crossEntropy, sgd } from "../../hypotheses/index.ts";
import { unitRows } from "../regularisation/features.ts";
import { declareOpponent, type OpposedSides } from "../trick.ts";
import { supervisedContrast } from "./supervisedContrast.ts";

/**
 * The contrast of HaBa (Liu et al. 2022; A.1.4): two hallucinations of a base should be unlike one another to an extractor e, which learns
 * to find them alike, to classify both, and to keep images of one class together and those of others apart.
 */
export const unlikeness = declareOpponent({
  kind: "opponent",
  slot: "extractor",
  title: "hallucinations of a base unlike one another",
  formula: "mean_b (cos(e(H_i b), e(H_j b)) + 1) / 2",
  reference: "A.1.4, hallucinators",
  citation: work(
    "S. Liu, K. Wang, X. Yang, J. Ye and X. Wang",
    2022,
    "Dataset Distillation via Factorization",
    "NeurIPS",
  ),
  domains: ["image"],
  values: { refused: "its extractor classifies" },
  options: {
    weight: number(0.1, 0, undefined, "of the term"),
    width: integer(128, 1, 4096, "channels of the extractor, a ConvNet"),
    depth: integer(3, 1, 16, "blocks of the extractor"),
    learningRate: number(1e-3, 0, undefined, "of the extractor"),
    momentum: number(0.9, 0, 0.999, "of the extractor's SGD"),
    likeness: number(0.1, 0, undefined, "weight of likeness of two hallucinations in the extractor's loss"),
    contrast: number(0.1, 0, undefined, "weight of supervised contrast in the extractor's loss"),
    temperature: number(0.07, 1e-6, undefined, "τ of supervised contrast"),
  },
  main: "weight",
  refuses: (_options, { renderings }) =>
    renderings < 2 ? "it compares two hallucinations of a base, and every one has a single one" : undefined,
  make(options, { shape, classes, renderings }) {
    const { width, depth, learningRate, momentum, likeness, contrast, temperature } = options;
    const network = buildNetwork({ name: "convnet", options: { width, depth } }, shape, classes);
    return {
      init: (key) => network.init(key),
      optimizer: sgd({ momentum, weightDecay: 0 }),
      rate: learningRate,
      steps: 1,
      readsReal: false,
      draws: (n, key) => pairOf(n, renderings, key),
      term(params, sides) {
        const { images, targets } = paired(sides);
        targets.dispose();
        return np.mean(
          cosines(unitRows(network.embed(params, images)))
            .add(1)
            .mul(0.5),
        );
      },
      loss(params, { real: _none, ...sides }) {
        const { images, targets } = paired(sides);
        const n = images.shape[0]!;
        const classified = crossEntropy(network.logits(referenced(params), images.ref), targets.ref).mul(1 / n);
        const features = unitRows(network.embed(params, images));
        const alike = np.mean(cosines(features.ref).mul(-1).add(1).mul(0.5));
        const together = supervisedContrast(features, targets, temperature);
        return classified.add(alike.mul(likeness)).add(together.mul(contrast));
      },
    };
  },
});

/** Rows of two renderings of every sample: the same two of each, which a key draws. */
function pairOf(n: number, renderings: number, key: RandomKey) {
  const two = key.permutation(renderings, 2);
  const rows = (rendering: number) =>
    new Tensor(
      Int32Array.from({ length: n / renderings }, (_, sample) => sample * renderings + rendering),
      [n / renderings],
      "int32",
    );
  return { first: rows(two[0]!), second: rows(two[1]!) };
}

/** The images of both renderings, one rendering after the other, with their labels. */
function paired({ images, targets, draws: { first, second } }: OpposedSides): { images: Traced; targets: Traced } {
  const rows = np.concatenate([first!, second!], 0);
  return { images: images.slice(rows.ref), targets: targets.slice(rows) };
}

/** Inner products of the first half of unit rows with the second, [2 m, k] → [m]. */
function cosines(rows: Traced): Traced {
  const m = rows.shape[0]! / 2;
  return np.sum(rows.ref.slice([0, m]).mul(rows.slice([m, 2 * m])), 1);
}
