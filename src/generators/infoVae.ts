import { numpy as np } from "@jax-js/jax";
import { distanceNamed } from "../discrepancies/index.ts";
import { number, work } from "../engine/index.ts";
import { gaussianKl } from "./gaussianCode.ts";
import { coderOptions, gaussianCoder, type Regularisation } from "./gaussianCoder.ts";
import { declareGenerator } from "./generator.ts";

/**
 * InfoVAE (Zhao et al. 2019; A.1.1): the divergence of single codes gives way to that of all of them, MMD²(q(z), N(0, I)) between the codes
 * of a batch and as many fresh draws of the prior, under the kernel of the discrepancy `mmd`. α = 1 is the MMD-VAE.
 */
export const infoVae = declareGenerator({
  title: "InfoVAE",
  reference: "A.1.1",
  citation: work(
    "S. Zhao, J. Song and S. Ermon",
    2019,
    "InfoVAE: Balancing Learning and Inference in Variational Autoencoders",
    "AAAI",
  ),
  formula: "E [ −log p(x|z) + (1 − α) KL(q(z|x) ‖ N(0, I)) ] + (α + λ − 1) MMD²(q(z), N(0, I))",
  options: {
    alpha: number(1, -1000, 1, "α: 1 leaves the divergence of single codes out"),
    lambda: number(500, 0, undefined, "λ: weight of the divergence of all codes, with α − 1"),
    ...coderOptions(8),
  },
  make({ alpha, lambda, ...options }, ground) {
    const mmd = distanceNamed("mmd").make({ kernel: "gaussian" });
    const regularisation: Regularisation = ({ mean, logVariance, z, prior }) => ({
      kl: np.mean(gaussianKl(mean, logVariance)).mul(1 - alpha),
      mmd: mmd.between({ z }, { z: prior }).mul(alpha + lambda - 1),
    });
    return gaussianCoder(
      {
        spec: { name: "info-vae", options: { alpha, lambda, ...options } },
        conditional: false,
        prior: "class-normal",
        regularisation,
      },
      options,
      ground,
    );
  },
});
