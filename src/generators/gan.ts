import { number, work } from "../engine/index.ts";
import { logistic } from "./adversarial/losses.ts";
import { turnOptions } from "./adversarial/options.ts";
import { criticOf, player, playerOptions, trainingOf } from "./adversarial/player.ts";
import { declareGenerator, type Generator } from "./generator.ts";

/** The options of the two kinds with logistic losses. */
export const ganOptions = {
  ...playerOptions,
  ...turnOptions(1),
  real: number(0.9, 0.5, 1, "target of real samples: below 1 the critic is never sure"),
};

/** The recipe of GANs: Adam with β₁ 0.5 (Radford et al. 2016), at five times their rate, which small networks bear. */
export const ganRecipe = { steps: 3000, batch: 64, learningRate: 1e-3 };

/** GAN (Goodfellow et al. 2014; A.1.2) with the non-saturating loss; no label enters, so a class cannot be asked for. */
export const gan = declareGenerator({
  title: "generative adversarial network",
  reference: "A.1.2",
  citation: work(
    "I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville and Y. Bengio",
    2014,
    "Generative Adversarial Nets",
    "NeurIPS",
  ),
  formula: "min_D E [ −log D(x) ] + E [ −log(1 − D(G(z))) ], min_G E [ −log D(G(z)) ]",
  options: ganOptions,
  recipe: ganRecipe,
  make(options, ground): Generator {
    const own = player({ name: "gan", options }, false, options, ground);
    const critic = criticOf(ground, options, "none");
    const { real, average, criticSteps } = options;
    const game = { losses: logistic(real), head: "none", betas: [0.5, 0.999], average, criticSteps } as const;
    return { ...own, training: trainingOf(own, critic, game, options.z) };
  },
});
