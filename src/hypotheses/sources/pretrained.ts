import { flag, integer, number, type RandomKey, tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { train } from "../training/train.ts";
import { randomHypothesis } from "./fresh.ts";
import { flattenState, gatherState } from "./keptState.ts";
import { sgdRecipe } from "./sgdRecipe.ts";
import { declareSource, type Feed, type Hypothesis, type Kept } from "./source.ts";

/**
 * A pool of networks trained on T beforehand: a step sees one of them, by intermediate epochs as it was after a random one,
 * which makes a pool of weak networks out of a single training (§5.1.4, §5.3.1, model enrichment). A network is trained when
 * it is first drawn, and kept from then on.
 */
export const pretrained = declareSource({
  title: "networks trained on T beforehand",
  reference: "§5.1.4, §5.3.1",
  options: {
    networks: integer(5, 1, undefined, "networks in the pool"),
    intermediate: flag(false, "whether a step sees a network as it was after any of its epochs, or after the last one"),
    untrained: number(0, 0, 1, "share of draws that are a random network in place of one of the pool"),
    every: integer(1, 1, undefined, "steps that each draw serves"),
    epochs: integer(5, 1, undefined, "of training"),
    images: integer(5000, 1, undefined, "random images of T that a network is trained on"),
    batch: integer(256, 1, undefined, "images of a training step"),
    learningRate: number(0.01, 0, undefined, "of SGD"),
    momentum: number(0.9, 0, 0.999, "of SGD"),
    weightDecay: number(5e-4, 0, undefined, "of SGD"),
    augmented: flag(false, "whether training is augmented, as matching is"),
  },
  most: Number.POSITIVE_INFINITY,
  make(options, network, key) {
    const { networks, untrained, every, epochs, images } = options;
    const recipe = sgdRecipe(options);
    const own = key.fold("pool");
    const made = new Map<string, Hypothesis>();
    const trained = async (m: number, feed: Feed): Promise<Kept> => {
      const turn = own.fold("training").fold(m);
      const states: Params[] = [];
      const { accuracies } = await train(network, await feed.real(images, turn.fold("set")), recipe, turn, {
        ...(options.augmented && { augment: feed.augment }),
        onPass: (_pass, _loss, { params }) => states.push(params),
      });
      const kept: Record<string, Kept[string]> = {};
      states.forEach((params, e) => {
        if (!options.intermediate && e < states.length - 1) return;
        Object.assign(kept, flattenState({ params, optimizer: {}, statistics: {} }, prefixOf(m, e)));
        kept[`${prefixOf(m, e)}accuracy`] = tensor(accuracies[e]!);
      });
      return kept;
    };
    /** Which network and epoch a draw is; undefined for an untrained one. */
    const drawn = (by: RandomKey): { m: number; e: number } | undefined => {
      if (by.fold("untrained").number() < untrained) return undefined;
      const e = options.intermediate ? by.fold("epoch").integer(epochs) : epochs - 1;
      return { m: by.fold("member").integer(networks), e };
    };
    const position = (step: number) => ({ network: Math.floor(step / every), within: step % every });
    const randoms = new Map<number, Hypothesis>();
    let latest = -1;
    return {
      position,
      async at(step, count, kept, feed) {
        const { network: k } = position(step);
        if (k !== latest) randoms.clear();
        latest = k;
        let now = kept;
        const hypotheses: Hypothesis[] = [];
        for (let i = 0; i < count; i++) {
          const draw = drawn(own.fold("draw").fold(k).fold(i));
          if (!draw) {
            if (!randoms.has(i)) randoms.set(i, randomHypothesis(network, key, k, i));
            hypotheses.push(randoms.get(i)!);
            continue;
          }
          const prefix = prefixOf(draw.m, draw.e);
          if (!now[`${prefix}accuracy`]) now = { ...now, ...(await trained(draw.m, feed)) };
          if (!made.has(prefix))
            made.set(prefix, {
              params: gatherState(now, prefix)!.params,
              accuracy: now[`${prefix}accuracy`]!.data[0]!,
            });
          hypotheses.push(made.get(prefix)!);
        }
        return { hypotheses, kept: now };
      },
      after: async (_step, _hypotheses, kept) => kept,
      trainedImages: (_synthetic, steps) => (networks * epochs * images) / steps,
    };
  },
});

/** What is kept of network m after epoch e. */
const prefixOf = (m: number, e: number) => `${m}/${e}/`;
