import { work } from "../engine/index.ts";
import { coderOptions, gaussianCoder, weightedKl } from "./gaussianCoder.ts";
import { declareGenerator } from "./generator.ts";

/** The work of variational autoencoders. */
export const variational = work("D. P. Kingma and M. Welling", 2014, "Auto-Encoding Variational Bayes", "ICLR");

/** The variational autoencoder (Kingma and Welling 2014; A.1.1): the negative evidence lower bound, mean_i [−log p(x|z) + KL(q(z|x) ‖ N(0, I))]. */
export const vae = declareGenerator({
  title: "variational autoencoder",
  reference: "A.1.1",
  citation: variational,
  formula: "E [ −log p(x|z) + KL(q(z|x) ‖ N(0, I)) ], z = μ(x) + σ(x) ε",
  options: coderOptions(8),
  make: (options, ground) =>
    gaussianCoder(
      { spec: { name: "vae", options }, conditional: false, prior: "class-normal", regularisation: weightedKl(1) },
      options,
      ground,
    ),
});
