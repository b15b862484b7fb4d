import { flag, integer, number, type Tensor, work } from "../../engine/index.ts";
import { expertRecipe } from "../experts/expertRecipe.ts";
import type { Experts } from "../experts/experts.ts";
import { coordinatesOf, paramsAt, type Subspace, spanOf } from "../experts/subspace.ts";
import { adversaryOption } from "../training/parseTrainingAttack.ts";
import { train } from "../training/train.ts";
import { disposed, noExperts, requestOf } from "./experts.ts";
import { remembered } from "./fresh.ts";
import { declareSource, type Hypothesis } from "./source.ts";

/**
 * Students in the subspace of an expert (Ma et al. 2023; §5.2.2): the states of an expert after its epochs on T span 𝕊. A
 * student starts at one of them and is trained on all of S at once between the steps of S; after every training it is projected
 * onto 𝕊 again, so that it goes where training on T could have gone. Its coordinates in 𝕊 are all that is kept.
 */
export const expertSubspace = declareSource({
  title: "students trained on S within the subspace of an expert's training on T",
  reference: "§5.2.2, expert subspace projection",
  citation: work(
    "Z. Ma, D. Gao, S. Yang, X. Wei and Y. Gong",
    2023,
    "Dataset Condensation via Expert Subspace Projection",
    "Sensors 23(19):8148",
  ),
  options: {
    networks: integer(20, 1, undefined, "experts"),
    expertEpochs: integer(50, 1, undefined, "epochs of an expert; the states after them span the subspace"),
    images: integer(
      0,
      0,
      undefined,
      "random images of T that experts are trained on; 0, or more than there are, for all",
    ),
    batch: integer(256, 1, undefined, "images of a training step of an expert"),
    learningRate: number(0.01, 0, undefined, "of SGD, of experts and students"),
    augmented: flag(true, "whether both are trained with augmentation"),
    adversary: adversaryOption,
    latest: integer(19, 0, undefined, "epochs of the expert before a student starts, at most"),
    every: integer(10, 1, undefined, "steps that each student serves"),
    students: integer(5, 1, undefined, "students in a row in the subspace of one expert"),
    epochs: integer(1, 1, undefined, "training steps of the student on S between two steps of S"),
  },
  atOnce: Number.POSITIVE_INFINITY,
  ownAugmentation: true,
  needs: (options, network) => ({ experts: requestOf(options, network) }),
  subspace: true,
  make(options, network, key) {
    const { networks, expertEpochs, learningRate, latest, every, students, epochs } = options;
    const augmented = options.augmented;
    const ofStudents = { ...expertRecipe, epochs, batch: Number.MAX_SAFE_INTEGER, learningRate };
    const own = key.fold("expert-subspace");
    const position = (step: number) => ({ network: Math.floor(step / every), within: step % every });
    let found: Promise<Experts> | undefined;
    let span: { readonly expert: number; readonly subspace: Subspace } | undefined;
    /** Beside a student: its expert after random epochs, in the same subspace. */
    const beside = remembered((k, i): Hypothesis => {
      const { basis, coordinates } = span!.subspace;
      const epoch = own
        .fold(k)
        .fold("beside")
        .fold(i)
        .integer(expertEpochs + 1);
      const place = coordinates.rows(epoch, epoch + 1).reshape([coordinates.shape[1]!]);
      return { params: paramsAt(place, basis), accuracy: 0, subspace: basis };
    });
    let current: { readonly coordinates: Tensor; readonly hypothesis: Hypothesis } | undefined;
    return {
      position,
      async at(step, count, kept, feed) {
        if (!feed.experts) throw noExperts();
        found ??= feed.experts(requestOf(options, network.spec));
        const { network: k, within } = position(step);
        const expert = Math.floor(k / students) % networks;
        if (span?.expert !== expert) {
          const experts = await found;
          const states = Array.from({ length: expertEpochs + 1 }, (_, epoch) => experts.at(expert, epoch));
          span = { expert, subspace: spanOf(await Promise.all(states)) };
        }
        const { basis, coordinates: ofExpert } = span.subspace;
        let coordinates = kept.coordinates!;
        if (within === 0) {
          const from = own.fold(k).integer(Math.min(latest, expertEpochs) + 1);
          coordinates = ofExpert.rows(from, from + 1).reshape([ofExpert.shape[1]!]);
        }
        if (current?.coordinates !== coordinates)
          current = { coordinates, hypothesis: { params: paramsAt(coordinates, basis), accuracy: 0, subspace: basis } };
        const others = Array.from({ length: count - 1 }, (_, i) => beside(k, i + 1));
        return { hypotheses: [current.hypothesis, ...others], kept: { coordinates } };
      },
      async after(step, [student], kept, feed) {
        if (position(step + 1).within === 0) return {};
        const set = await feed.synthetic();
        const { params } = await train(network, set, ofStudents, own.fold("train").fold(step), {
          params: student!.params,
          ...(augmented && { augment: feed.augment }),
        });
        return { ...kept, coordinates: coordinatesOf(params, student!.subspace!) };
      },
      dispose: () => disposed(found),
      trainedImages: (synthetic) => (epochs * synthetic * (every - 1)) / every,
    };
  },
});
