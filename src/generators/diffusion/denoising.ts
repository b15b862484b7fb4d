import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, size, type Tensor, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import type { Denoiser } from "./denoiser.ts";
import { noisedEach } from "./sampler.ts";

/** The layers of the conditions: a row a class, and the one that stands for none. */
export const [classTable, noClass] = ["classes", "noClass"] as const;

/** What a batch of the denoising loss draws for n latents. */
export interface DenoisingDraws {
  /** ε, [n, …]. */
  readonly noise: Tensor;
  /** t, [n]. */
  readonly times: Tensor;
  /** ᾱ_t, [n]. */
  readonly shares: Tensor;
  /** [n]: 1 where the label is read, 0 where it is dropped. */
  readonly labelled: Tensor;
}

/** Draws a time, a noise and whether its label is dropped for each of n latents. */
export function denoisingDraws(
  n: number,
  key: RandomKey,
  {
    latent,
    shares,
    dropped,
  }: { readonly latent: readonly number[]; readonly shares: Float64Array; readonly dropped: number },
): DenoisingDraws {
  const times = key
    .fold("times")
    .uniform(n)
    .map((u) => Math.min(shares.length - 1, Math.floor(u * shares.length)));
  return {
    noise: tensor(key.fold("noise").normal(n * size(latent)), [n, ...latent]),
    times: tensor(times, [n]),
    shares: tensor(
      times.map((t) => shares[t]!),
      [n],
    ),
    labelled: tensor(
      key
        .fold("dropped")
        .uniform(n)
        .map((u) => (u < dropped ? 0 : 1)),
      [n],
    ),
  };
}

/** The same while traced. */
export type TracedDraws = { [K in keyof DenoisingDraws]: Traced };

/** Arrays by name as those of the loss. */
export const denoisingArrays = ({ noise, times, shares, labelled }: { [name: string]: Traced }): TracedDraws => ({
  noise: noise!,
  times: times!,
  shares: shares!,
  labelled: labelled!,
});

/** A batch as the loss sees it; labels are one-hot. */
export interface DenoisingBatch {
  readonly latents: Traced;
  readonly labels: Traced;
  readonly draws: TracedDraws;
}

/** Conditions of one-hot labels [n, K]: rows of the table, [n, e]. Consumes both. */
export const conditionsOf = (labels: Traced, table: Traced): Traced => np.matmul(labels, table);

/**
 * mean (ε − ε_θ(√ᾱ z + √(1 − ᾱ) ε, t, y))² (Ho et al. 2020), y dropped now and then; and ẑ_0, what the model takes for z: (z_t − √(1 − ᾱ) ε̂) / √ᾱ,
 * [n, …]. Consumes what it is given.
 */
export function denoisingLoss(
  model: Denoiser,
  { [classTable]: table, [noClass]: none, ...params }: TracedParams,
  { latents, labels, draws: { noise, times, shares, labelled } }: DenoisingBatch,
): { loss: Traced; estimates: Traced } {
  const z = noisedEach(latents, noise.ref, shares.ref);
  const shown = labelled.reshape([-1, 1]);
  const hidden = shown.ref.mul(-1).add(1);
  const condition = conditionsOf(labels, table!.weight!)
    .mul(shown)
    .add(none!.weight!.reshape([1, -1]).mul(hidden));
  const found = model.apply(params, z.ref, times, condition);
  const column = shares.reshape([-1, ...z.shape.slice(1).map(() => 1)]);
  const estimates = z.sub(found.ref.mul(np.sqrt(column.ref.mul(-1).add(1)))).div(np.sqrt(column));
  return { loss: np.mean(np.square(noise.sub(found))), estimates };
}
