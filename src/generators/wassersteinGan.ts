import { flag, number, work } from "../engine/index.ts";
import { gradientPenalty, wasserstein } from "./adversarial/losses.ts";
import { turnOptions } from "./adversarial/options.ts";
import { criticOf, type Game, player, playerOptions, trainingOf } from "./adversarial/player.ts";
import { declareGenerator, type Generator } from "./generator.ts";

const labels = flag(true, "whether labels are joined to the code, and told by a second head of the critic");

const headOf = (told: boolean) => (told ? "auxiliary" : "none");

/** WGAN (Arjovsky et al. 2017; A.1.2): the critic's means differ by as much as a function of bounded slope can; its weights are cut for that. */
export const wassersteinGan = declareGenerator({
  title: "Wasserstein GAN, weights clipped",
  reference: "A.1.2",
  citation: work("M. Arjovsky, S. Chintala and L. Bottou", 2017, "Wasserstein Generative Adversarial Networks", "ICML"),
  formula: "max_{‖D‖_L ≤ K} E D(x) − E D(G(z)), min_G −E D(G(z))",
  options: {
    ...playerOptions,
    labels,
    ...turnOptions(5),
    clip: number(0.05, 1e-6, undefined, "the critic's weights are cut to plus and minus this"),
  },
  recipe: { steps: 3000, batch: 64, learningRate: 1e-3 },
  make(options, ground): Generator {
    const own = player({ name: "wgan", options }, options.labels, options, ground);
    const head = headOf(options.labels);
    const { clip, average, criticSteps } = options;
    const game: Game = { losses: wasserstein, head, betas: [0.5, 0.9], average, criticSteps, clip };
    return { ...own, training: trainingOf(own, criticOf(ground, options, head), game, options.z) };
  },
});

/**
 * WGAN-GP (Gulrajani et al. 2017; A.1.2): the critic's slope is held to 1 between real and generated samples, each sample's own; with labels
 * what DiM (Wang et al. 2023) starts from.
 */
export const penalisedWassersteinGan = declareGenerator({
  title: "Wasserstein GAN with a gradient penalty",
  reference: "A.1.2",
  citation: work(
    "I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin and A. Courville",
    2017,
    "Improved Training of Wasserstein GANs",
    "NeurIPS",
  ),
  formula: "min_D E D(G(z)) − E D(x) + λ E ( ‖∇ D(x̂)‖ − 1 )², x̂ between x and G(z); min_G −E D(G(z))",
  options: {
    ...playerOptions,
    labels,
    ...turnOptions(1),
    penalty: number(10, 0, undefined, "λ: weight of the penalty"),
  },
  recipe: { steps: 3000, batch: 64, learningRate: 1e-3 },
  make(options, ground): Generator {
    const own = player({ name: "wgan-gp", options }, options.labels, options, ground);
    const head = headOf(options.labels);
    const { penalty: weight, average, criticSteps } = options;
    const game: Game = {
      losses: wasserstein,
      head,
      betas: [0, 0.9],
      average,
      criticSteps,
      penalty: ({ score, ...samples }) => gradientPenalty(score, samples).mul(weight),
    };
    return { ...own, training: trainingOf(own, criticOf(ground, options, head), game, options.z) };
  },
});
