import { AttarError, flag, integer, number, work } from "../../engine/index.ts";
import { expertRecipe } from "../experts/expertRecipe.ts";
import { drawSegment, type ExpertRequest, type Experts } from "../experts/experts.ts";
import type { Teachers } from "../experts/teachers.ts";
import type { NetworkSpec } from "../network.ts";
import { adversaryIn, adversaryOption } from "../training/parseTrainingAttack.ts";
import { declareSource, type Hypothesis } from "./source.ts";

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
    adversary: adversaryOption,
    earliest: integer(0, 0, undefined, "epochs of an expert before a segment starts, at least"),
    latest: integer(19, 0, undefined, "and at most"),
    span: integer(2, 1, undefined, "epochs from a segment's start to its end"),
  },
  atOnce: Number.POSITIVE_INFINITY,
  ownAugmentation: true,
  target: true,
  needs: (options, network) => ({ experts: requestOf(options, network) }),
  make(options, network, key) {
    const { earliest, latest, span } = options;
    const own = key.fold("experts");
    let found: Promise<Experts> | undefined;
    return {
      position: (step) => ({ network: step, within: 0 }),
      async at(step, count, kept, feed) {
        if (!feed.experts) throw noExperts();
        found ??= feed.experts(requestOf(options, network.spec));
        const experts = await found;
        const range = { earliest, latest, span };
        const hypotheses: Hypothesis[] = [];
        for (let i = 0; i < count; i++) {
          const by = own.fold(step);
          const { start, target } = await drawSegment(experts, range, i === 0 ? by : by.fold("beside").fold(i));
          hypotheses.push({ params: start, accuracy: 0, target });
        }
        return { hypotheses, kept };
      },
      after: async (_step, _hypotheses, kept) => kept,
      trainedImages: () => 0,
      dispose: () => disposed(found),
    };
  },
});

/** The options of a source that say which experts it draws from. */
interface ExpertOptions {
  readonly networks: number;
  readonly expertEpochs: number;
  readonly images: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly augmented: boolean;
  readonly adversary?: string | undefined;
}

/** The experts that a source of these options draws from; its recipe is MTT's but for what they say. */
export function requestOf(options: ExpertOptions, network: NetworkSpec): ExpertRequest {
  const { networks, expertEpochs, images, batch, learningRate, augmented } = options;
  const { momentum = expertRecipe.momentum, weightDecay = expertRecipe.weightDecay } = options;
  return {
    network,
    count: networks,
    recipe: {
      ...expertRecipe,
      epochs: expertEpochs,
      batch,
      learningRate,
      momentum,
      weightDecay,
      ...adversaryIn(options),
    },
    augmented,
    ...(images > 0 && { images }),
  };
}

/** Frees experts or teachers, once they are there. */
export const disposed = (found: Promise<Experts | Teachers> | undefined): void =>
  void found?.then((those) => those.dispose?.()).catch(() => {});

export const noExperts = () =>
  new AttarError("bad-combination", "these hypotheses come from experts, and the loop has none", "see attar methods");
