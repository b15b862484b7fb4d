import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, choice, number, size } from "../engine/index.ts";
import type { GeneratorGround } from "./generator.ts";
import { hasBlackAndWhite, unitsOf } from "./units.ts";

/** The options of a decoder's likelihood. */
export const likelihoodOptions = {
  likelihood: choice(
    "bernoulli",
    ["bernoulli", "gaussian"],
    "of a sample under its decoder's output: cross-entropy of pixels in 0..1, or the squared error in the training normalisation",
  ),
  deviation: number(1, 1e-3, undefined, "standard deviation of the Gaussian likelihood"),
};

/** log p(x | z) of what a decoder's last layer puts out, and the sample that it stands for. */
export interface Likelihood {
  /** Outputs [n, C·H·W] → samples [n, C, H, W] in the training normalisation. */
  sample(outputs: Traced): Traced;
  /** −log p(x | z) of every sample up to a constant, summed over its numbers: [n]. Consumes both. */
  loss(outputs: Traced, images: Traced): Traced;
}

/**
 * The likelihood of a ground: Bernoulli, −Σ [x log s + (1 − x) log(1 − s)] with x in 0..1 and s the sigmoid of the output; or Gaussian,
 * ‖x − o‖² / 2σ².
 *
 * @throws AttarError "bad-combination" for pixels in 0..1 of samples that have no black and white
 */
export function likelihoodOf(
  { likelihood, deviation }: { readonly likelihood: "bernoulli" | "gaussian"; readonly deviation: number },
  ground: GeneratorGround,
): Likelihood {
  const { name, shape } = ground;
  const d = size(shape);
  if (likelihood === "gaussian")
    return {
      sample: (outputs) => outputs.reshape([outputs.shape[0]!, ...shape]),
      loss: (outputs, images) =>
        np.sum(np.square(images.reshape([images.shape[0]!, d]).sub(outputs)), 1).mul(1 / (2 * deviation ** 2)),
    };
  if (!hasBlackAndWhite(ground))
    throw new AttarError(
      "bad-combination",
      `the samples of ${name} are no pixels between black and white, which a Bernoulli likelihood is of`,
      "--set likelihood=gaussian",
    );
  const { normalised, plain } = unitsOf(ground);
  return {
    sample: (outputs) => normalised(nn.sigmoid(outputs).reshape([outputs.shape[0]!, ...shape])),
    loss(outputs, images) {
      const x = plain(images).reshape([outputs.shape[0]!, d]);
      // softplus(o) − x·o, written so that no exponent overflows.
      const softplus = np.maximum(outputs.ref, 0).add(np.log(np.exp(np.abs(outputs.ref).mul(-1)).add(1)));
      return np.sum(softplus.sub(x.mul(outputs)), 1);
    },
  };
}
