import { flag, integer, number, tensor, work } from "../../engine/index.ts";
import { accuracy, train } from "../training/index.ts";
import { randomHypothesis } from "./fresh.ts";
import { flattenState, gatherState } from "./keptState.ts";
import { sgdRecipe } from "./sgdRecipe.ts";
import { declareSource, type Hypothesis, type Kept } from "./source.ts";

/**
 * The dynamic bi-level schedule of CAFE (Wang et al. 2022; §5.1.2): a network is trained on S after every step until its accuracy
 * on T has moved, and makes room for a new one when its accuracies after the steps have settled. How long either takes is
 * decided by accuracies, so a step does not say which network it sees.
 */
export const dynamic = declareSource({
  title: "networks trained on S between steps, for as long as their accuracy on T moves",
  reference: "§5.1.2",
  citation: work(
    "K. Wang, B. Zhao, X. Peng, Z. Zhu, S. Yang, S. Wang, G. Huang, H. Bilen, X. Wang and Y. You",
    2022,
    "CAFE: Learning to Condense Dataset by Aligning Features",
    "CVPR",
  ),
  values: { refused: "it waits for accuracies to move" },
  options: {
    window: integer(10, 2, undefined, "last accuracies that are looked at"),
    settled: number(0.04, 0, 1, "range of those after steps below which a new network begins"),
    moved: number(0.03, 0, 1, "range of those after passes over S above which training pauses for a step"),
    every: integer(100, 1, undefined, "steps of a network at most"),
    epochs: integer(100, 1, undefined, "passes over S between two steps at most"),
    images: integer(1280, 1, undefined, "random images of T that an accuracy is measured on"),
    batch: integer(256, 1, undefined, "images of a training step"),
    learningRate: number(0.01, 0, undefined, "of SGD"),
    momentum: number(0, 0, 0.999, "of SGD"),
    augmented: flag(false, "whether training is augmented, as matching is"),
  },
  atOnce: Number.POSITIVE_INFINITY,
  make(options, network, key) {
    const { window, settled, moved, every, epochs, images } = options;
    const recipe = sgdRecipe({ ...options, epochs: 1 });
    const own = key.fold("dynamic");
    let current: { step: number; hypothesis: Hypothesis } | undefined;
    const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    return {
      position: (step) => ({ network: step, within: 0 }),
      async at(step, count, kept) {
        const number = kept.number?.data[0] ?? 0;
        if (current?.step !== step) {
          const params = gatherState(kept)?.params;
          current = { step, hypothesis: params ? { params, accuracy: 0 } : randomHypothesis(network, own, number) };
        }
        const beside = Array.from({ length: count - 1 }, (_, i) => randomHypothesis(network, own, number, i + 1));
        return { hypotheses: [current.hypothesis, ...beside], kept };
      },
      async after(step, [first], kept, feed) {
        const turn = own.fold("after").fold(step);
        const seen = async (params: Hypothesis["params"], pass: number) => {
          const { images: shown, labels } = await feed.real(images, turn.fold("seen").fold(pass));
          return accuracy(network, { params }, [{ images: shown, labels: labels as Int32Array }]);
        };
        const number = kept.number?.data[0] ?? 0;
        const steps = (kept.steps?.data[0] ?? 0) + 1;
        const past = [...(kept.accuracies?.data ?? []), await seen(first!.params, 0)];
        const recent = past.slice(-window);
        if (steps >= every || (recent.length >= window && range(recent) < settled))
          return { number: tensor(number + 1) };
        let state = gatherState(kept);
        const set = await feed.synthetic();
        const passes: number[] = [];
        for (let pass = 1; pass <= epochs; pass++) {
          ({ state } = await train(network, set, recipe, turn.fold("train").fold(pass), {
            params: first!.params,
            from: state,
            ...(options.augmented && { augment: feed.augment }),
          }));
          passes.push(await seen(state.params, pass));
          const last = passes.slice(-window);
          if (last.length >= window && range(last) > moved) break;
        }
        const next: Kept = {
          ...flattenState(state!),
          number: tensor(number),
          steps: tensor(steps),
          accuracies: tensor(Float32Array.from(recent), [recent.length]),
        };
        return next;
      },
      // A forward pass, a third of what training takes, for every image that an accuracy is measured on; no more passes than
      // the window has.
      trainedImages: (synthetic) => {
        const passes = Math.min(window, epochs);
        return passes * synthetic + ((passes + 1) * images) / 3;
      },
    };
  },
});
