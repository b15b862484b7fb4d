import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { gradientOf } from "../../engine/index.ts";

/** A pair of losses of scores [n], scalars; each consumes what it is given. */
export interface ScoreLosses {
  critic(real: Traced, fake: Traced): Traced;
  generator(fake: Traced): Traced;
}

/** log(1 + eˣ), written so that no exponent overflows. Consumes it. */
const softplus = (x: Traced): Traced => np.maximum(x.ref, 0).add(np.log(np.exp(np.abs(x).mul(-1)).add(1)));

/**
 * Goodfellow et al. (2014), non-saturating: −log D(x) − log(1 − D(G)) and −log D(G), D the sigmoid of the score. Real ones are held to the
 * target `real`, below 1 so that the critic is never sure (Salimans et al. 2016).
 */
export const logistic = (target = 1): ScoreLosses => ({
  critic(real, fake) {
    const own = target === 1 ? softplus(real.mul(-1)) : softplus(real.ref).sub(real.mul(target));
    return np.mean(own).add(np.mean(softplus(fake)));
  },
  generator: (fake) => np.mean(softplus(fake.mul(-1))),
});

/** Arjovsky et al. (2017): mean D(G) − mean D(x), and −mean D(G). */
export const wasserstein: ScoreLosses = {
  critic: (real, fake) => np.mean(fake).sub(np.mean(real)),
  generator: (fake) => np.mean(fake).mul(-1),
};

/** Mao et al. (2017): ½ [mean (D(x) − 1)² + mean D(G)²], and mean (D(G) − 1)². Scores of patches are [n, places]. */
export const leastSquares: ScoreLosses = {
  critic: (real, fake) =>
    np
      .mean(np.square(real.sub(1)))
      .add(np.mean(np.square(fake)))
      .mul(0.5),
  generator: (fake) => np.mean(np.square(fake.sub(1))),
};

/** ‖∇ₓ D(x)‖² of every sample: [n, C, H, W] → [n]. `score` gives [n] and closes over the parameters, so that outer gradients reach them. */
export function squaredSlopes(score: (images: Traced) => Traced, images: Traced): Traced {
  const n = images.shape[0]!;
  const slopes = gradientOf((x: Traced) => np.sum(score(x)))(images);
  return np.sum(np.square(slopes.reshape([n, -1])), 1);
}

/** Gulrajani et al. (2017): mean (‖∇ D(x̂)‖ − 1)², x̂ = x + u (G − x), u uniform [n] in 0..1. Consumes the three. */
export function gradientPenalty(
  score: (images: Traced) => Traced,
  { real, fake, mix }: { readonly real: Traced; readonly fake: Traced; readonly mix: Traced },
): Traced {
  const between = real.ref.add(fake.sub(real).mul(mix.reshape([-1, 1, 1, 1])));
  const lengths = np.sqrt(squaredSlopes(score, between).add(1e-12));
  return np.mean(np.square(lengths.sub(1)));
}

/** Mescheder et al. (2018): R1, half the mean of ‖∇ D(x)‖² on real samples. Consumes them. */
export const r1 = (score: (images: Traced) => Traced, real: Traced): Traced =>
  np.mean(squaredSlopes(score, real)).mul(0.5);
