import { AttarError, flag, integer, number, type RandomKey } from "../../engine/index.ts";
import type { TeacherRequest, Teachers } from "../experts/teachers.ts";
import type { NetworkSpec } from "../network.ts";
import { adversaryIn, adversaryOption } from "../training/parseTrainingAttack.ts";
import { disposed } from "./experts.ts";
import { randomHypothesis } from "./fresh.ts";
import { sgdRecipe } from "./sgdRecipe.ts";
import { declareSource, type Hypothesis } from "./source.ts";

/**
 * A pool of networks trained on T beforehand: a step sees one of them, by intermediate epochs as it was after a random one,
 * which makes a pool of weak networks out of a single training (§5.1.4, §5.3.1, model enrichment).
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
    adversary: adversaryOption,
  },
  atOnce: Number.POSITIVE_INFINITY,
  needs: (options, network) => ({ teachers: requestOf(options, network) }),
  make(options, network, key) {
    const { networks, untrained, every, epochs, images } = options;
    const own = key.fold("pool");
    /** The network and epoch of a draw; undefined for an untrained one. */
    const drawn = (by: RandomKey): { m: number; e: number } | undefined => {
      if (by.fold("untrained").number() < untrained) return undefined;
      const e = options.intermediate ? by.fold("epoch").integer(epochs) : epochs - 1;
      return { m: by.fold("member").integer(networks), e };
    };
    const position = (step: number) => ({ network: Math.floor(step / every), within: step % every });
    let found: Promise<Teachers> | undefined;
    const made = new Map<string, Hypothesis>();
    const randoms = new Map<number, Hypothesis>();
    let latest = -1;
    return {
      position,
      async at(step, count, _kept, feed) {
        const { network: k } = position(step);
        if (k !== latest) randoms.clear();
        latest = k;
        const hypotheses: Hypothesis[] = [];
        for (let i = 0; i < count; i++) {
          const draw = drawn(own.fold("draw").fold(k).fold(i));
          if (!draw) {
            if (!randoms.has(i)) randoms.set(i, randomHypothesis(network, key, k, i));
            hypotheses.push(randoms.get(i)!);
            continue;
          }
          if (!feed.teachers) throw noTeachers();
          found ??= feed.teachers(requestOf(options, network.spec));
          const name = `${draw.m}/${draw.e}`;
          if (!made.has(name)) made.set(name, await (await found).at(draw.m, draw.e));
          hypotheses.push(made.get(name)!);
        }
        return { hypotheses, kept: {} };
      },
      after: async () => ({}),
      trainedImages: (_synthetic, steps) => (networks * epochs * images) / steps,
      dispose: () => disposed(found),
    };
  },
});

function requestOf(
  options: Parameters<typeof sgdRecipe>[0] & {
    readonly networks: number;
    readonly images: number;
    readonly augmented: boolean;
    readonly intermediate: boolean;
    readonly adversary?: string | undefined;
  },
  network: NetworkSpec,
): TeacherRequest {
  const { networks: count, images, augmented, intermediate: everyEpoch } = options;
  return { network, count, images, recipe: { ...sgdRecipe(options), ...adversaryIn(options) }, augmented, everyEpoch };
}

const noTeachers = () =>
  new AttarError("bad-combination", "these hypotheses come from teachers, and the loop has none", "see attar methods");
