import { choice, flag, integer, number, type RandomKey, work } from "../../engine/index.ts";
import { train } from "../training/train.ts";
import { randomHypothesis, remembered } from "./fresh.ts";
import { flattenState, gatherState } from "./keptState.ts";
import { sgdRecipe } from "./sgdRecipe.ts";
import { declareSource, type Feed, type Hypothesis, type Kept } from "./source.ts";

/**
 * A random network that is trained while S moves: on S (Zhao et al. 2021) or on a little of T (Kim et al. 2022), so that
 * matching happens along a path of training. After `every` steps a new one begins.
 */
export const alternating = declareSource({
  title: "networks trained between steps",
  reference: "§5.1.4, §5.3.1",
  options: {
    every: integer(10, 1, undefined, "steps that each network serves; it is trained between two of them"),
    trainsOn: choice("synthetic", ["synthetic", "real"], "what it is trained on", {
      synthetic: work(
        "B. Zhao, K. R. Mopuri and H. Bilen",
        2021,
        "Dataset Condensation with Gradient Matching",
        "ICLR",
        "a",
      ),
      real: work(
        "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
        2022,
        "Dataset Condensation via Efficient Synthetic-Data Parameterization",
        "ICML",
      ),
    }),
    epochs: integer(1, 1, undefined, "passes over it between two steps"),
    images: integer(500, 1, undefined, "random images of T in a pass, where it trains on T"),
    warmup: integer(0, 0, undefined, "random images of T that a new network is trained on before its first step"),
    batch: integer(256, 1, undefined, "images of a training step"),
    learningRate: number(0.01, 0, undefined, "of SGD"),
    momentum: number(0, 0, 0.999, "of SGD"),
    weightDecay: number(0, 0, undefined, "of SGD"),
    augmented: flag(false, "whether training is augmented, as matching is"),
    mixed: flag(false, "whether training mixes images (CutMix)", {
      true: work(
        "S. Yun, D. Han, S. J. Oh, S. Chun, J. Choe and Y. Yoo",
        2019,
        "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features",
        "ICCV",
      ),
    }),
  },
  atOnce: Number.POSITIVE_INFINITY,
  make(options, network, key) {
    const every = options.every;
    const recipe = sgdRecipe(options);
    const position = (step: number) => ({ network: Math.floor(step / every), within: step % every });
    const beside = remembered((k, i) => randomHypothesis(network, key, k, i));
    const real = options.trainsOn === "real";
    const fit = async (feed: Feed, own: RandomKey, images: number | undefined, from: Kept, start: Hypothesis) => {
      const set = await (images === undefined ? feed.synthetic() : feed.real(images, own.fold("set")));
      const trained = await train(network, set, recipe, own, {
        params: start.params,
        from: gatherState(from),
        ...(options.augmented && { augment: feed.augment }),
        ...(options.mixed && { mix: feed.mix }),
      });
      return flattenState(trained.state);
    };
    let current: { step: number; hypothesis: Hypothesis } | undefined;
    return {
      position,
      async at(step, count, kept, feed) {
        const { network: k, within } = position(step);
        let now = kept;
        if (within === 0) {
          const warmup = options.warmup;
          now = warmup === 0 ? {} : await fit(feed, key.fold("warmup").fold(k), warmup, {}, beside(k, 0));
        }
        const params = gatherState(now)?.params;
        if (params && current?.step !== step) current = { step, hypothesis: { params, accuracy: 0 } };
        const first = params ? current!.hypothesis : beside(k, 0);
        const others = Array.from({ length: count - 1 }, (_, i) => beside(k, i + 1));
        return { hypotheses: [first, ...others], kept: now };
      },
      async after(step, [first], kept, feed) {
        if (position(step + 1).within === 0) return {};
        const images = real ? options.images : undefined;
        return fit(feed, key.fold("train").fold(step), images, kept, first!);
      },
      trainedImages: (synthetic) =>
        (recipe.epochs * (real ? options.images : synthetic) * (every - 1) + options.warmup) / every,
    };
  },
});
