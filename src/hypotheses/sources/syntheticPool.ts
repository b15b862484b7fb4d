import { choice, integer, number, type RandomKey, Tensor, work } from "../../engine/index.ts";
import type { Recipe } from "../training/recipe.ts";
import { type TrainingSet, train } from "../training/train.ts";
import { randomHypothesis } from "./fresh.ts";
import { flattenState, gatherState } from "./keptState.ts";
import { declareSource, type Hypothesis, type Kept } from "./source.ts";

/**
 * A pool of networks trained on S while it moves (Zhou et al. 2022; §5.1.2): a step sees a random one, which then takes a few
 * steps on S; one that has taken enough makes room for a fresh one. Ages differ from the start, so that fresh and trained
 * networks always stand side by side. A network that was never trained is a function of the key and is not kept.
 */
export const syntheticPool = declareSource({
  title: "pool of networks trained on S for different numbers of steps",
  reference: "§5.1.2, §5.1.4",
  citation: [
    work("Y. Zhou, E. Nezhadarya and J. Ba", 2022, "Dataset Distillation using Neural Feature Regression", "NeurIPS"),
    work("D. P. Kingma and J. Ba", 2015, "Adam: A Method for Stochastic Optimization", "ICLR"),
  ],
  values: { loss: "squared-error" },
  options: {
    networks: integer(10, 1, undefined, "networks in the pool"),
    most: integer(100, 1, undefined, "steps of training after which a network is replaced by a fresh one"),
    steps: integer(1, 1, undefined, "steps of training after a use: drawn from 1 to this"),
    batch: integer(1000, 1, undefined, "random images of S in such a step"),
    loss: choice("squared-error", ["squared-error", "cross-entropy"], "of training on S"),
    learningRate: number(3e-4, 0, undefined, "of training on S by Adam"),
  },
  atOnce: Number.POSITIVE_INFINITY,
  make(options, network, key) {
    const { networks, most, steps, batch, learningRate } = options;
    const recipe: Recipe = {
      epochs: 1,
      batch,
      optimizer: "adam",
      learningRate,
      momentum: 0.9,
      weightDecay: 0,
      schedule: "constant",
      augmentation: "",
      loss: options.loss,
    };
    const own = key.fold("pool");
    const drawn = (step: number): number => own.fold("drawn").fold(step).integer(networks);
    /** The number of times that the network has been replaced, and the steps that it counts. */
    const standing = (i: number, kept: Kept): readonly [number, number] => {
      const at = kept[standingOf(i)];
      return at ? [at.data[0]!, at.data[1]!] : [0, Math.floor((i * most) / networks)];
    };
    const made = new Map<number, { at: Tensor | undefined; hypothesis: Hypothesis }>();
    /** The same object until the network is trained again. */
    const member = (i: number, kept: Kept): Hypothesis => {
      const at = kept[standingOf(i)];
      const known = made.get(i);
      if (known && known.at === at) return known.hypothesis;
      const trained = gatherState(kept, prefixOf(i));
      const hypothesis = trained
        ? { params: trained.params, accuracy: 0 }
        : randomHypothesis(network, own.fold(i), standing(i, kept)[0]);
      made.set(i, { at, hypothesis });
      return hypothesis;
    };
    return {
      position: (step) => ({ network: step, within: 0 }),
      async at(step, count, kept) {
        const first = drawn(step);
        const hypotheses = Array.from({ length: count }, (_, k) =>
          k < networks ? member((first + k) % networks, kept) : randomHypothesis(network, own.fold("beside"), step, k),
        );
        return { hypotheses, kept };
      },
      async after(step, [hypothesis], kept, feed) {
        const i = drawn(step);
        const [replaced, age] = standing(i, kept);
        const next = Object.fromEntries(Object.entries(kept).filter(([path]) => !path.startsWith(prefixOf(i))));
        const turn = own.fold("training").fold(step);
        const taken = 1 + turn.fold("steps").integer(steps);
        if (age + taken > most) return { ...next, [standingOf(i)]: pair(replaced + 1, 0) };
        const set = sampled(await feed.synthetic(), turn.fold("images"), batch);
        const { state } = await train(network, set, { ...recipe, epochs: taken }, turn, {
          params: hypothesis!.params,
          from: gatherState(kept, prefixOf(i)),
        });
        return { ...next, ...flattenState(state, prefixOf(i)), [standingOf(i)]: pair(replaced, age + taken) };
      },
      trainedImages: (synthetic) => ((1 + steps) / 2) * Math.min(batch, synthetic),
    };
  },
});

/** Draws at most `count` of the images, at random. */
function sampled(set: TrainingSet, key: RandomKey, count: number): TrainingSet {
  const n = set.images.shape[0]!;
  if (n <= count) return set;
  const chosen = Array.from(key.permutation(n, count));
  const of = (t: Tensor): Tensor => {
    const length = t.data.length / n;
    const data = new Float32Array(count * length);
    chosen.forEach((row, k) => {
      data.set(t.data.subarray(row * length, (row + 1) * length) as Float32Array, k * length);
    });
    return new Tensor(data, [count, ...t.shape.slice(1)], "float32");
  };
  const { labels } = set;
  return {
    images: of(set.images),
    labels: labels instanceof Tensor ? of(labels) : Int32Array.from(chosen, (row) => labels[row]!),
  };
}

const pair = (a: number, b: number) => new Tensor(Float32Array.of(a, b), [2], "float32");

/**
 * The prefix of what is kept of network i: its training's state, and how often it was replaced and how many steps it has
 * counted.
 */
const prefixOf = (i: number) => `${i}/`;
const standingOf = (i: number) => `${i}/standing`;
