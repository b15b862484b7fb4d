import { number, work } from "../engine/index.ts";
import { coderOptions, gaussianCoder, weightedKl } from "./gaussianCoder.ts";
import { declareGenerator } from "./generator.ts";

/** β-VAE (Higgins et al. 2017; A.1.1): the evidence lower bound with its divergence times β, so that numbers of a code are told apart. */
export const betaVae = declareGenerator({
  title: "β-VAE",
  reference: "A.1.1",
  citation: work(
    "I. Higgins, L. Matthey, A. Pal, C. Burgess, X. Glorot, M. Botvinick, S. Mohamed and A. Lerchner",
    2017,
    "beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework",
    "ICLR",
  ),
  formula: "E [ −log p(x|z) + β KL(q(z|x) ‖ N(0, I)) ]",
  options: { beta: number(4, 0, undefined, "weight of the divergence from the prior"), ...coderOptions(8) },
  make: ({ beta, ...options }, ground) =>
    gaussianCoder(
      {
        spec: { name: "beta-vae", options: { beta, ...options } },
        conditional: false,
        prior: "class-normal",
        regularisation: weightedKl(beta),
      },
      options,
      ground,
    ),
});
