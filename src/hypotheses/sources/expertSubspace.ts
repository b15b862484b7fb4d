import { flag, integer, number, type RandomKey } from "../../engine/index.ts";
import { expertRecipe } from "../experts/expertRecipe.ts";
import { coordinatesOf, paramsAt, spanOf } from "../experts/subspace.ts";
import { trainExpert } from "../experts/trainExpert.ts";
import type { Params } from "../network.ts";
import { train } from "../training/train.ts";
import { flattenState, gatherState } from "./keptState.ts";
import type { Feed, Hypothesis, Kept, SourceKind } from "./source.ts";

/**
 * Students in the subspace of an expert (Ma et al. 2023; §5.2.2): an expert is trained on T, and the states after its epochs
 * span 𝕊. A student starts at one of them and is trained on S between the steps of S; after every pass it is projected onto
 * 𝕊 again, so that it goes where training on T could have gone. Kept are a basis of 𝕊 and coordinates.
 */
export const expertSubspace: SourceKind = {
  title: "students trained on S within the subspace of an expert's training on T",
  reference: "§5.2.2, expert subspace projection",
  options: {
    every: integer(10, 1, undefined, "steps that each student serves"),
    students: integer(5, 1, undefined, "students in the subspace of one expert"),
    expertEpochs: integer(10, 1, undefined, "epochs of the expert; the states after them span the subspace"),
    images: integer(5000, 1, undefined, "random images of T that an expert is trained on"),
    latest: integer(5, 0, undefined, "epochs of the expert before a student starts, at most"),
    epochs: integer(1, 1, undefined, "passes of the student over S between two steps"),
    batch: integer(256, 1, undefined, "images of a training step"),
    learningRate: number(0.01, 0, undefined, "of SGD, of experts and students"),
    momentum: number(0, 0, 0.999, "of the experts' SGD"),
    augmented: flag(false, "whether training is augmented, as matching is"),
  },
  most: 1,
  subspace: true,
  make(options, network, key) {
    const { every, students, expertEpochs, images, latest, epochs, batch, learningRate } = options as Record<
      string,
      number
    >;
    const expert = { ...expertRecipe, epochs: expertEpochs!, batch: batch!, learningRate: learningRate! };
    const recipe = { ...expert, epochs: epochs! };
    const own = key.fold("expert-subspace");
    const position = (step: number) => ({ network: Math.floor(step / every!), within: step % every! });
    const augment = (feed: Feed) => (options.augmented ? { augment: feed.augment } : {});
    const expertOf = async (turn: RandomKey, feed: Feed): Promise<Kept> => {
      const set = await feed.real(images!, turn.fold("set"));
      const { states } = await trainExpert(
        network,
        set,
        { ...expert, momentum: options.momentum as number },
        turn,
        augment(feed),
      );
      const { basis, coordinates } = spanOf(states);
      return { ...flattenState({ params: basis, optimizer: {}, statistics: {} }, "basis/"), coordinates };
    };
    let basis: { expert: number; params: Params } | undefined;
    let current: { step: number; hypothesis: Hypothesis } | undefined;
    return {
      position,
      async at(step, _count, kept, feed) {
        const { network: k, within } = position(step);
        const number = Math.floor(k / students!);
        let now = kept;
        if (within === 0) {
          const { student: _, ...rest } = k % students! === 0 ? await expertOf(own.fold(number), feed) : kept;
          const from = own
            .fold("start")
            .fold(k)
            .integer(Math.min(latest!, expertEpochs!) + 1);
          const start = rest.coordinates!.rows(from, from + 1);
          now = { ...rest, student: start.reshape([start.data.length]) };
        }
        if (basis?.expert !== number) basis = { expert: number, params: gatherState(now, "basis/")!.params };
        if (current?.step !== step) {
          const params = paramsAt(now.student!, basis.params);
          current = { step, hypothesis: { params, accuracy: 0, subspace: basis.params } };
        }
        return { hypotheses: [current.hypothesis], kept: now };
      },
      async after(step, [student], kept, feed) {
        const { network: k, within } = position(step + 1);
        if (within === 0) return k % students! === 0 ? {} : kept;
        const { params } = await train(network, await feed.synthetic(), recipe, own.fold("train").fold(step), {
          params: student!.params,
          ...augment(feed),
        });
        return { ...kept, student: coordinatesOf(params, student!.subspace!) };
      },
      trainedImages: (synthetic) =>
        (expertEpochs! * images!) / (every! * students!) + (epochs! * synthetic * (every! - 1)) / every!,
    };
  },
};
