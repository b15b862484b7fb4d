import { randomKey, tensor } from "../../src/engine/index.ts";
import { gatherState } from "../../src/hypotheses/sources/keptState.ts";
import type { BenchCase } from "../case.ts";
import { methodCase, settings, type TakenStep } from "../methodCase.ts";
import { type NamedTensors, named } from "../namedTensors.ts";

/** Mean embeddings of 10 x 64 real images, the distance of those of 10 x 10 synthetic ones, a momentum step on these. */
const dm = methodCase({
  name: "dm-step",
  method: "dm",
  label: "dm, 10 classes: 64 real, 10 synthetic each",
  title: "a step of dm at ipc 10, without its augmentation",
  options: { ipc: 10, augmentation: "none" },
});

/** Gradients of 10 x 64 real and 10 x 10 synthetic images, their distance, and a training of the network on S. */
const dc = methodCase({
  name: "dc-step",
  method: "dc",
  label: "dc, 10 classes: 64 real, 10 synthetic each; the network trained on S",
  title: "a step of dc at ipc 10",
  options: { ipc: 10 },
  trains: true,
  more: ({ configuration }) => {
    const { learningRate, epochs } = configuration.hypotheses.options;
    return settings({ "training.rate": Number(learningRate), epochs: Number(epochs) });
  },
});

/** Gradients of 10 x 64 real and 10 x 40 decoded images, an update after every class, a pass over some real images. */
const idc = methodCase({
  name: "idc-step",
  method: "idc",
  label: "idc, 10 classes: 64 real, 10 stored decoded to 40 each; the network trained on T",
  title: "a step of idc at ipc 10, without augmentation and mixing of images",
  options: {
    ipc: 10,
    augmentation: "none",
    settings: { "hypotheses.augmented": false, "hypotheses.mixed": false },
  },
  trains: true,
  more: async (step) => {
    const { configuration, state, facts } = step;
    const { mean, std } = facts.normalisation;
    const { learningRate, momentum, weightDecay, batch } = configuration.hypotheses.options;
    const [term] = configuration.terms;
    return {
      ...(await trainingImages(step)),
      ...named("trainingVelocity", gatherState(state.slots.hypotheses!)!.optimizer.velocity!),
      mean: tensor(Float32Array.from(mean)),
      std: tensor(Float32Array.from(std)),
      ...settings({
        l1: Number(term!.discrepancy.options.norm === "l1"),
        "training.rate": Number(learningRate),
        "training.momentum": Number(momentum),
        "training.weightDecay": Number(weightDecay),
        "training.batch": Number(batch),
      }),
    };
  },
});

/** The real images that the network is trained on after a step, in the order in which it is. */
async function trainingImages({ configuration, state, whole }: TakenStep): Promise<NamedTensors> {
  const { images, labels } = (await whole()).find(({ purpose }) => purpose === "training networks between steps")!;
  const order = randomKey(configuration.seed).fold("train").fold(state.step).fold("order").fold(0);
  const rows = order.permutation(labels.length);
  return { trainingImages: images.take(rows), trainingLabels: tensor(labels).take(rows) };
}

/** A regression on 100 synthetic images and labels with a kernel of float64, its loss on 1,000 real ones, a step of Adam. */
const kip = methodCase({
  name: "kip-step",
  method: "kip",
  label: "kip, 10 classes: 100 real, 10 synthetic each; K_SS and its equations in float64",
  title: "a step of kip at ipc 10",
  options: { ipc: 10 },
});

/** Training on ten images for 20 steps with a learning rate each, the loss on 250 real ones, backpropagation through all of it. */
const bptt = methodCase({
  name: "bptt-step",
  method: "bptt",
  label: "bptt, 10 classes: 25 real, 1 synthetic each; 20 inner steps",
  title: "a step of bptt at ipc 1",
  options: { ipc: 1 },
});

/** Training on 100 images for ten steps from an expert's parameters, the distance to later ones, backpropagation through it. */
const mtt = methodCase({
  name: "mtt-step",
  method: "mtt",
  label: "mtt, 10 classes: 10 synthetic each; 10 inner steps",
  title: "a step of mtt at ipc 10, without its augmentation, on untrained experts of the case's network",
  options: { ipc: 10, augmentation: "none" },
  more: ({ configuration }) => settings({ steps: Number(configuration.solver!.options.steps) }),
});

/** The loop's own steps of methods. */
export const methodCases: readonly BenchCase[] = [dm, dc, idc, kip, bptt, mtt];
