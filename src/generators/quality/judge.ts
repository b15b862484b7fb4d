import type { Array as Traced } from "@jax-js/jax";
import type { DomainKind, RandomKey } from "../../engine/index.ts";
import { AttarError, mapSamples, type Tensor } from "../../engine/index.ts";
import {
  buildNetwork,
  convnet,
  lenet,
  mlp,
  type Network,
  networkText,
  type Recipe,
  releaseNetwork,
  type TracedParams,
  train,
} from "../../hypotheses/index.ts";
import type { GeneratorSamples } from "../training/training.ts";

/** A classifier trained on real samples, by which made ones are judged. */
export interface Judge {
  /** Its network and training in a line. */
  readonly name: string;
  /** The input of its last layer, [n, features]. */
  embed(images: Tensor): Promise<Tensor>;
  /** The class of each image. */
  classes(images: Tensor): Promise<Int32Array>;
  dispose(): void;
}

/** The fewest steps and passes of its training. */
const [leastSteps, leastPasses, batch] = [400, 2, 64] as const;

/** LeNet, of whose features there are 84; a ConvNet where images are too small for it, an MLP where samples are no images. */
export function judgeNetwork(shape: readonly [number, number, number], kind: DomainKind, classes: number): Network {
  if (kind !== "image") return buildNetwork(mlp(), shape, classes);
  try {
    return buildNetwork(lenet(), shape, classes);
  } catch (error) {
    if (!(error instanceof AttarError) || error.code !== "input-too-small") throw error;
    return buildNetwork(convnet({ depth: 2, width: 16 }), shape, classes);
  }
}

/**
 * Trains a judge: Adam at 0.001 along a cosine in batches of 64, two passes or 400 steps, whichever is more.
 *
 * @throws AttarError "diverged" (exit code 3). Rejects with the signal's reason when it is aborted.
 */
export async function trainJudge(
  network: Network,
  { images, labels }: GeneratorSamples,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<Judge> {
  const epochs = Math.max(leastPasses, Math.ceil((leastSteps * Math.min(batch, labels.length)) / labels.length));
  const recipe: Recipe = {
    epochs,
    batch,
    optimizer: "adam",
    learningRate: 1e-3,
    momentum: 0.9,
    weightDecay: 0,
    schedule: "cosine",
    augmentation: "",
  };
  const { params } = await train(network, { images, labels }, recipe, key, { signal });
  const embed = mapSamples((p: TracedParams, x: Traced) => network.embed(p, x), `features of ${network.spec.name}`);
  const logits = mapSamples((p: TracedParams, x: Traced) => network.logits(p, x), `classes by ${network.spec.name}`);
  return {
    name: `${networkText(network.spec)}, ${epochs} epochs on ${labels.length} samples`,
    embed: (x) => embed(params, x),
    async classes(x) {
      const { data } = await logits(params, x);
      const k = network.classes;
      return Int32Array.from({ length: data.length / k }, (_, i) => {
        let best = 0;
        for (let c = 1; c < k; c++) if (data[i * k + c]! > data[i * k + best]!) best = c;
        return best;
      });
    },
    dispose() {
      for (const own of [embed, logits]) own.dispose();
      releaseNetwork(network);
    },
  };
}

/** The share of equal entries. */
export const agreement = (a: Int32Array, b: Int32Array): number =>
  a.reduce((sum, c, i) => sum + (c === b[i] ? 1 : 0), 0) / a.length;
