import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, nearest, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";

const epsilon = 1e-5;

/** Normalisations by name. Each works on the images of one batch alone, so training and evaluation are the same function. */
export const normalisations = ["instance", "group", "layer", "batch", "none"] as const;
export type Normalisation = (typeof normalisations)[number];

export function checkNormalisation(name: string): Normalisation {
  if ((normalisations as readonly string[]).includes(name)) return name as Normalisation;
  const guess = nearest(name, normalisations);
  throw new AttarError(
    "unknown-option",
    `unknown normalisation "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${normalisations.join(", ")}`,
  );
}

/**
 * (x − mean) / √(var + 1e-5) · weight + bias with biased variances over: one channel of one image (instance, which is
 * group normalisation with as many groups as channels), four groups of channels (group), a whole image (layer), or one
 * channel of the whole batch (batch; batch statistics also when evaluating).
 */
export function normalise(x: Traced, layer: TracedParams[string], kind: Normalisation): Traced {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const { weight, bias } = layer as { weight: Traced; bias: Traced };
  const affine = [1, c, 1, 1];
  if (kind === "group" || kind === "layer") {
    const groups = kind === "group" ? 4 : 1;
    const grouped = centre(x.reshape([n, groups, c / groups, h * w]), [2, 3]);
    return grouped.unit.reshape([n, c, h, w]).mul(weight.reshape(affine)).add(bias.reshape(affine));
  }
  const { centred, scale } = spread(x, kind === "batch" ? [0, 2, 3] : [2, 3]);
  return centred.mul(scale.mul(weight.reshape(affine))).add(bias.reshape(affine));
}

function spread(x: Traced, axes: number[]): { centred: Traced; scale: Traced } {
  const centred = x.ref.sub(np.mean(x, axes, { keepdims: true }));
  const variance = np.mean(centred.ref.mul(centred.ref), axes, { keepdims: true });
  return { centred, scale: np.reciprocal(np.sqrt(variance.add(epsilon))) };
}

function centre(x: Traced, axes: number[]): { unit: Traced } {
  const { centred, scale } = spread(x, axes);
  return { unit: centred.mul(scale) };
}

/** Ones and zeros: the affine part starts as the identity. */
export function normaliseInit(channels: number) {
  return { weight: tensor(new Float32Array(channels).fill(1)), bias: tensor(new Float32Array(channels)) };
}
