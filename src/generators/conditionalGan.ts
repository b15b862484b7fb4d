import { choice, work } from "../engine/index.ts";
import { logistic } from "./adversarial/losses.ts";
import { criticOf, player, trainingOf } from "./adversarial/player.ts";
import { ganOptions, ganRecipe } from "./gan.ts";
import { declareGenerator, type Generator } from "./generator.ts";

const mirza = work("M. Mirza and S. Osindero", 2014, "Conditional Generative Adversarial Nets", "arXiv 1411.1784");
const miyato = work("T. Miyato and M. Koyama", 2018, "cGANs with Projection Discriminator", "ICLR");
const odena = work(
  "A. Odena, C. Olah and J. Shlens",
  2017,
  "Conditional Image Synthesis with Auxiliary Classifier GANs",
  "ICML",
);

/**
 * Conditional GAN (Mirza and Osindero 2014; A.1.2): the label is joined to the code. The critic tells the class by a second head, whose
 * cross-entropy both players lower, or has the label in its score.
 */
export const conditionalGan = declareGenerator({
  title: "conditional GAN",
  reference: "A.1.2",
  citation: mirza,
  formula:
    "min_D E [ −log D(x, y) ] + E [ −log(1 − D(G(z, y), y)) ], min_G E [ −log D(G(z, y), y) ]; with auxiliary + E [ −log p(y|·) ] in both",
  options: {
    ...ganOptions,
    critic: choice("auxiliary", ["auxiliary", "projection"], "how the critic is told of labels", {
      auxiliary: odena,
      projection: miyato,
    }),
  },
  recipe: ganRecipe,
  make(options, ground): Generator {
    const own = player({ name: "cgan", options }, true, options, ground);
    const critic = criticOf(ground, options, options.critic);
    const { real, average, criticSteps } = options;
    const game = { losses: logistic(real), head: options.critic, betas: [0.5, 0.999], average, criticSteps } as const;
    return { ...own, training: trainingOf(own, critic, game, options.z) };
  },
});
