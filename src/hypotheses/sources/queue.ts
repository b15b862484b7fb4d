import { flag, integer, number, type RandomKey, Tensor, work } from "../../engine/index.ts";
import { train } from "../training/train.ts";
import { randomHypothesis, remembered } from "./fresh.ts";
import { flattenState, gatherState } from "./keptState.ts";
import { sgdRecipe } from "./sgdRecipe.ts";
import { declareSource, type Hypothesis, type Kept } from "./source.ts";

/**
 * A queue of networks at different stages of training (model enrichment; Zhao et al. 2023, §5.3.1): it starts with a few
 * random ones, a fresh one joins now and then, the oldest leaves. A step sees a random one of them; between steps random
 * ones are trained a little on T. Networks never trained are functions of the key, so only trained ones are kept.
 */
export const queue = declareSource({
  title: "queue of partly trained networks",
  reference: "§5.3.1, model enrichment",
  citation: work(
    "G. Zhao, G. Li, Y. Qin and Y. Yu",
    2023,
    "Improved Distribution Matching for Dataset Condensation",
    "CVPR",
  ),
  options: {
    networks: integer(100, 1, undefined, "networks in the queue at most"),
    start: integer(3, 1, undefined, "random networks it starts with"),
    every: integer(30, 1, undefined, "steps after which a fresh network joins"),
    trained: integer(2, 0, undefined, "random networks of the queue that are trained between two steps"),
    trainingSteps: integer(10, 1, undefined, "SGD steps of such a training"),
    batch: integer(256, 1, undefined, "random images of T in a training step"),
    learningRate: number(0.01, 0, undefined, "of SGD"),
    momentum: number(0.9, 0, 0.999, "of SGD"),
    weightDecay: number(5e-4, 0, undefined, "of SGD"),
    augmented: flag(false, "whether training is augmented, as matching is"),
  },
  atOnce: Number.POSITIVE_INFINITY,
  make(options, network, key) {
    const { networks, start, every, trained, trainingSteps, batch } = options;
    const recipe = sgdRecipe({ ...options, epochs: 1 });
    const images = trainingSteps * batch;
    const own = key.fold("queue");
    /** Numbers of the networks in the queue at a step; they are counted from the first one ever. */
    const members = (step: number): number[] => {
      const born = start + Math.floor(step / every);
      const count = Math.min(born, networks);
      return Array.from({ length: count }, (_, i) => born - count + i);
    };
    const chosen = (from: readonly number[], count: number, by: RandomKey) =>
      Array.from(by.permutation(from.length, Math.min(count, from.length)), (i) => from[i]!);
    const beside = remembered((k, i) => randomHypothesis(network, own, k, i));
    const made = new Map<number, { tally: Tensor | undefined; hypothesis: Hypothesis }>();
    /** The same object until the network is trained again. */
    const hypothesis = (k: number, kept: Kept): Hypothesis => {
      const tally = kept[tallyOf(k)];
      const known = made.get(k);
      if (known && known.tally === tally) return known.hypothesis;
      const found = tally
        ? { params: gatherState(kept, prefixOf(k))!.params, accuracy: tally.data[1]! / tally.data[0]! }
        : randomHypothesis(network, own, k);
      made.set(k, { tally, hypothesis: found });
      return found;
    };
    return {
      position: (step) => ({ network: step, within: 0 }),
      async at(step, count, kept) {
        const inside = members(step);
        for (const k of made.keys()) if (k < inside[0]!) made.delete(k);
        const seen = chosen(inside, count, own.fold("seen").fold(step)).map((k) => hypothesis(k, kept));
        const others = Array.from({ length: count - seen.length }, (_, i) => beside(inside.at(-1)!, i + 1));
        return { hypotheses: [...seen, ...others], kept };
      },
      async after(step, _hypotheses, kept, feed) {
        const inside = members(step);
        const next: Record<string, Tensor> = {};
        const oldest = members(step + 1)[0]!;
        for (const [path, t] of Object.entries(kept)) if (Number.parseInt(path, 10) >= oldest) next[path] = t;
        for (const k of chosen(inside, trained, own.fold("trained").fold(step))) {
          if (k < oldest) continue;
          const turn = own.fold("training").fold(step).fold(k);
          const set = await feed.real(images, turn.fold("set"));
          const { state, accuracies } = await train(network, set, recipe, turn, {
            params: hypothesis(k, kept).params,
            from: gatherState(kept, prefixOf(k)),
            ...(options.augmented && { augment: feed.augment }),
          });
          Object.assign(next, flattenState(state, prefixOf(k)));
          const [count, correct] = kept[tallyOf(k)]?.data ?? [0, 0];
          const shown = set.images.shape[0]!;
          next[tallyOf(k)] = new Tensor(
            Float32Array.of(count! + shown, correct! + accuracies[0]! * shown),
            [2],
            "float32",
          );
        }
        return next;
      },
      trainedImages: () => Math.min(trained, networks) * images,
    };
  },
});

/**
 * The prefix of what is kept of network k: its training's state, and how many images it was trained on and got right
 * before.
 */
const prefixOf = (k: number) => `${k}/`;
const tallyOf = (k: number) => `${k}/tally`;
