import { type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { type Distance, distanceNamed } from "../discrepancies/index.ts";
import { mapGroups, type RandomKey, randomKey, size, sumOverSamples, type Tensor, tensor } from "../engine/index.ts";
import { buildNetwork, type Network, type TracedParams } from "../hypotheses/index.ts";
import type { Method } from "../methods/method.ts";
import { initialiseImages } from "../synthetic/initialise.ts";
import {
  augmentationTensors,
  augmentOnHost,
  augmentTraced,
  type Draw,
  drawOperator,
  drawParameters,
  parseStrategy,
  type TracedAugmentation,
} from "../tricks/index.ts";
import { type Statistic, statisticNamed } from "../views/index.ts";
import type { Configuration } from "./configuration.ts";
import { diverged, earlyLossAfter, guardLoss } from "./divergence.ts";
import type { State } from "./state.ts";

type Group = { images: Traced; target: Traced; draw: TracedAugmentation };

/** One outer step of statistic matching; made once per run. */
export interface Matcher {
  start(): Promise<State>;
  /** @throws AttarError "diverged" (exit code 3); the given state is untouched. */
  step(state: State): Promise<{ state: State; loss: number }>;
  dispose(): void;
}

/**
 * The match loop's step for methods that compare class-wise statistics under fresh hypotheses: a new network, one real
 * batch and one augmentation per class, the gradient of Σ_c D(view(T_c), view(S_c)), one momentum step on S. The real side
 * is summed in chunks without gradient; the classes of S are independent given it and run side by side.
 */
export function matcher(dataset: Dataset, method: Method, configuration: Configuration): Matcher {
  const { ipc, realBatch, imageLearningRate, imageMomentum } = configuration;
  const network = buildNetwork(configuration.network, dataset.shape, dataset.classes.length);
  const members = byClass(dataset.train.labels, dataset.classes.length);
  const strategy = parseStrategy(configuration.augmentation);
  const root = randomKey(configuration.seed);
  const classes = dataset.classes.length;
  const [c, h, w] = dataset.shape;
  const pixels = size(dataset.shape);
  const view = statisticNamed(method.view.name);
  const named = `${method.view.name} of ${network.spec.name}`;
  const sum = sumOverSamples(view.classSums(network), { name: `sums of ${named}` });
  const pull = mapGroups(classLoss(network, view, distanceNamed(method.discrepancy.name)), {
    name: `matching loss of ${named}`,
  });
  const every = Number(method.hypotheses.options?.every ?? 1);
  const targets = realTargets(classes, realBatch);

  const real = (key: RandomKey, draws: readonly Draw[]): Tensor => {
    const images = new Float32Array(classes * realBatch * pixels);
    members.forEach((ids, k) => {
      const chosen = Array.from(key.fold(k).permutation(ids.length, realBatch), (i) => ids[i]!);
      const batch = normalise(dataset, "train", chosen).data as Float32Array;
      images.set(augmentOnHost(batch, dataset.shape, [draws[k]!]), k * realBatch * pixels);
    });
    return tensor(images, [classes * realBatch, c, h, w]);
  };

  return {
    async start() {
      const images = initialiseImages(dataset, ipc, configuration.initialisation, root.fold("initialise"));
      const sample = {
        images: tensor(new Float32Array(classes * realBatch * pixels), [classes * realBatch, c, h, w]),
        targets,
      };
      const chunk = await sum.chunkFor(network.init(root) as never, sample as never);
      return { step: 0, images, velocity: new Float32Array(images.length), chunk, earlyLoss: 0 };
    },
    async step(state) {
      const params = network.init(root.fold("network").fold(Math.floor(state.step / every)));
      const augment = root.fold("augment").fold(state.step);
      const draws = members.map((_, k) => {
        const key = augment.fold(k);
        return drawParameters(key.fold("parameters"), drawOperator(key, strategy), h, w);
      });
      const samples = { images: real(root.fold("real").fold(state.step), draws), targets };
      const sums = (await sum(params as never, samples as never, state.chunk)) as unknown as Tensor;
      const means = tensor(
        (sums.data as Float32Array).map((v) => v / realBatch),
        [classes, view.length(network)],
      );
      const groups = {
        images: tensor(state.images, [classes, ipc, c, h, w]),
        target: means,
        draw: augmentationTensors(draws, h, w),
      };
      const { loss, gradient } = (await pull(params as never, groups as never)) as unknown as {
        loss: Tensor;
        gradient: Tensor;
      };
      let total = 0;
      for (const value of loss.data) total += value;
      guardLoss(total, state.earlyLoss, state.step);
      const images = new Float32Array(state.images.length);
      const velocity = new Float32Array(state.images.length);
      for (let i = 0; i < images.length; i++) {
        velocity[i] = imageMomentum * state.velocity[i]! + gradient.data[i]!;
        images[i] = state.images[i]! - imageLearningRate * velocity[i]!;
        if (!Number.isFinite(images[i]))
          throw diverged(`the gradient or a pixel is not finite at step ${state.step + 1}`);
      }
      const earlyLoss = earlyLossAfter(state.earlyLoss, state.step, total);
      return { state: { ...state, step: state.step + 1, images, velocity, earlyLoss }, loss: total };
    },
    dispose() {
      sum.dispose();
      pull.dispose();
    },
  };
}

/** D(view(T_c), view(S_c)) of one class and its gradient with respect to the class's synthetic images. */
function classLoss(network: Network, view: Statistic, distance: Distance) {
  return (params: TracedParams, { images, target, draw }: Group): { loss: Traced; gradient: Traced } => {
    const loss = (s: Traced): Traced =>
      distance(view.groupMean(network, params, augmentTraced(s, draw)), target.reshape([view.length(network)]));
    const [value, gradient] = valueAndGrad(loss)(images) as [Traced, Traced];
    return { loss: value.reshape([1]), gradient };
  };
}

/** One-hot targets of class-major real batches. */
function realTargets(classes: number, perClass: number): Tensor {
  const data = new Float32Array(classes * perClass * classes);
  for (let i = 0; i < classes * perClass; i++) data[i * classes + Math.floor(i / perClass)] = 1;
  return tensor(data, [classes * perClass, classes]);
}
