import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, flag, integer, number, referenced, released, tensor, work } from "../../engine/index.ts";
import {
  convolutionalCritic,
  criticNetwork,
  fullyConnectedCritic,
  gradientPenalty,
  logistic,
  r1,
  wasserstein,
} from "../../generators/index.ts";
import { adam, crossEntropies, type TracedParams } from "../../hypotheses/index.ts";
import { initialise } from "../../hypotheses/networks/initialise.ts";
import { declareOpponent, type OpponentSets } from "../trick.ts";

/**
 * The adversarial term (Wang et al. 2025; A.1.2): a critic that learns to tell images of S from those of T, and their classes by a second
 * head, says how real S looks. Where codes are drawn anew every step it is a GAN's own loss, and S its generator.
 */
export const critic = declareOpponent({
  kind: "opponent",
  slot: "critic",
  title: "images of S real to a critic, which learns to tell them from T",
  formula: "−mean D(S) + mean −log p(y|S); D: mean D(S) − mean D(T) + λ E (‖∇D(x̂)‖ − 1)²",
  reference: "A.1.2; §5.2.1",
  citation: work(
    "K. Wang, J. Gu, H. Zhang, D. Zhou, Z. Zhu, W. Jiang and Y. You",
    2025,
    "DiM: Distilling Dataset into Generative Model",
    "ECCV",
  ),
  domains: ["image"],
  values: { refused: "its second head classifies" },
  options: {
    weight: number(1, 0, undefined, "of the term"),
    loss: choice(
      "wasserstein",
      ["wasserstein", "logistic"],
      "of the two players: scores with a penalty on the slope between S and T, or logarithms of probabilities with R1 on T",
    ),
    penalty: number(10, 0, undefined, "λ: weight of the penalty"),
    labels: flag(true, "whether the critic tells classes by a second head"),
    steps: integer(1, 1, 100, "steps of the critic after each of the run's"),
    learningRate: number(1e-4, 0, undefined, "of the critic's Adam"),
    beta1: number(0, 0, 0.999, "decay of its mean of gradients"),
    beta2: number(0.9, 0, 0.99999, "decay of its mean of squares"),
    body: choice("conv", ["mlp", "conv"], "fully connected layers, or convolutions"),
    channels: integer(32, 1, 4096, "channels of the first map of body=conv"),
    width: integer(256, 1, 65536, "units of every hidden layer of body=mlp"),
    depth: integer(2, 1, 8, "hidden layers of body=mlp"),
    norm: choice("layer", ["layer", "none"], "normalisation of each image's maps, of body=conv"),
  },
  main: "weight",
  make(options, { shape, classes }) {
    const { penalty, labels, steps, learningRate, beta1, beta2, body, channels, norm } = options;
    const made =
      body === "conv" ? convolutionalCritic(shape, { channels, norm }) : fullyConnectedCritic(shape, options);
    const network = criticNetwork(made, labels ? "auxiliary" : "none", classes);
    const own = options.loss === "wasserstein" ? wasserstein : logistic();
    const told = (logits: Traced | undefined, targets: Traced): Traced => {
      if (logits) return np.mean(crossEntropies(logits, targets));
      targets.dispose();
      return np.zeros([]);
    };
    /** The penalty: of slopes between S and T, or on T. Consumes both and the mixture. */
    const penalised = (params: TracedParams, { images, real, draws }: OpponentSets, targets: Traced): Traced => {
      const score = (x: Traced) => {
        const { score: value, classes: logits } = network.judge(referenced(params), x, targets.ref);
        logits?.dispose();
        return value;
      };
      if (options.loss === "wasserstein")
        return gradientPenalty(score, { real: real!.images, fake: images, mix: draws.mix! });
      released([images, draws]);
      return r1(score, real!.images);
    };
    return {
      init: (key) => initialise(network.parameters, key, "he-normal"),
      optimizer: adam({ beta1, beta2 }),
      rate: learningRate,
      steps,
      readsReal: true,
      draws: (n, key) => ({ mix: tensor(key.uniform(n)) }),
      term(params, { images, targets, draws }) {
        released(draws);
        const { score, classes: logits } = network.judge(params, images, targets.ref);
        return own.generator(score).add(told(logits, targets));
      },
      loss(params, sets) {
        const { images, targets, real } = sets;
        const ofFake = network.judge(referenced(params), images.ref, targets.ref);
        const ofReal = network.judge(referenced(params), real!.images.ref, real!.targets.ref);
        const apart = own.critic(ofReal.score, ofFake.score);
        const classified = told(ofFake.classes, targets.ref).add(told(ofReal.classes, real!.targets));
        const slope = penalised(params, sets, targets).mul(penalty);
        return apart.add(classified).add(slope);
      },
    };
  },
});
