import { choice, work } from "../engine/index.ts";
import { coderOptions, gaussianCoder, weightedKl } from "./gaussianCoder.ts";
import { declareGenerator } from "./generator.ts";

/**
 * The conditional VAE (Sohn et al. 2015; A.1.1): the label is joined to the last layer of the encoder and to the code. The smaller the code, the
 * nearer are its codes to the N(0, I) that samples are drawn from: four numbers suffice for MNIST.
 */
export const conditionalVae = declareGenerator({
  title: "conditional variational autoencoder",
  reference: "A.1.1",
  citation: work(
    "K. Sohn, H. Lee and X. Yan",
    2015,
    "Learning Structured Output Representation using Deep Conditional Generative Models",
    "NeurIPS",
  ),
  formula: "E [ −log p(x|z, y) + KL(q(z|x, y) ‖ N(0, I)) ]",
  options: {
    ...coderOptions(4),
    prior: choice(
      "class-normal",
      ["class-normal", "normal"],
      "what codes of samples are drawn from: a normal distribution fitted to the codes of their class, or N(0, I)",
    ),
  },
  make: (options, ground) =>
    gaussianCoder(
      {
        spec: { name: "cvae", options },
        conditional: true,
        regularisation: weightedKl(1),
        prior: options.prior === "normal" ? "normal" : "class-normal",
      },
      options,
      ground,
    ),
});
