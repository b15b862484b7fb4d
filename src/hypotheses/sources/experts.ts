import { AttarError, flag, integer, number, work } from "../../engine/index.ts";
import { expertRecipe } from "../experts/expertRecipe.ts";
import { drawSegment, type Experts } from "../experts/experts.ts";
import { declareSource } from "./source.ts";

/**
 * Segments of experts' training on T (Cazenavette et al. 2022; §5.1.3): a step starts where an expert was after some epochs, and
 * knows where that expert went from there.
 */
export const experts = declareSource({
  title: "segments of trajectories trained on T",
  reference: "§5.1.3",
  citation: work(
    "G. Cazenavette, T. Wang, A. Torralba, A. A. Efros and J.-Y. Zhu",
    2022,
    "Dataset Distillation by Matching Training Trajectories",
    "CVPR",
  ),
  options: {
    networks: integer(100, 1, undefined, "experts"),
    expertEpochs: integer(50, 1, undefined, "epochs of their training"),
    images: integer(0, 0, undefined, "random images of T that they are trained on; 0, or more than there are, for all"),
    batch: integer(256, 1, undefined, "images of a training step"),
    learningRate: number(0.01, 0, undefined, "of SGD"),
    momentum: number(0, 0, 0.999, "of SGD"),
    weightDecay: number(0, 0, undefined, "of SGD"),
    augmented: flag(true, "whether they train with the field's augmentation for the data set"),
    earliest: integer(0, 0, undefined, "epochs of an expert before a segment starts, at least"),
    latest: integer(19, 0, undefined, "and at most"),
    span: integer(2, 1, undefined, "epochs from a segment's start to its end"),
  },
  most: 1,
  experts: true,
  make(options, network, key) {
    const { networks, expertEpochs, images, batch, learningRate, momentum, weightDecay } = options;
    const { earliest, latest, span } = options;
    const recipe = {
      ...expertRecipe,
      epochs: expertEpochs,
      batch,
      learningRate,
      momentum,
      weightDecay,
    };
    const own = key.fold("experts");
    let found: Promise<Experts> | undefined;
    return {
      position: (step) => ({ network: step, within: 0 }),
      async at(step, _count, kept, feed) {
        if (!feed.experts) throw noExperts();
        found ??= feed.experts({
          network: network.spec,
          count: networks,
          recipe,
          augmented: options.augmented,
          ...(images > 0 && { images }),
        });
        const range = { earliest, latest, span };
        const { start, target } = await drawSegment(await found, range, own.fold(step));
        return { hypotheses: [{ params: start, accuracy: 0, target }], kept };
      },
      after: async (_step, _hypotheses, kept) => kept,
      trainedImages: () => 0,
      dispose: () => disposed(found),
    };
  },
});

/** Frees experts, once they are there. */
export const disposed = (found: Promise<Experts> | undefined): void =>
  void found?.then((experts) => experts.dispose?.()).catch(() => {});

export const noExperts = () =>
  new AttarError("bad-combination", "these hypotheses come from experts, and the loop has none", "see attar methods");
