import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { type RandomKey, type Tensor, tensor } from "../../engine/index.ts";

/**
 * Samples of late (Shrivastava et al. 2017): each new one takes a place among the stored with probability ½, and the critic is shown what was there
 * in its stead, so that it does not forget. Kept among a generator's parameters: images [places, C, H, W] and which places are taken.
 */
export interface PoolDraws {
  /** The place of each of n samples, one-hot [n, places], no place twice. */
  readonly places: Tensor;
  /** 1 where a sample takes its place, [n]. */
  readonly takes: Tensor;
}

/** Places for n samples, as many as there are at most. */
export function poolDraws(n: number, places: number, key: RandomKey): PoolDraws {
  const order = key.fold("places").permutation(places);
  const oneHot = new Float32Array(n * places);
  for (let i = 0; i < Math.min(n, places); i++) oneHot[i * places + order[i]!] = 1;
  const takes = Float32Array.from(key.fold("takes").uniform(n), (u, i) => (u < 0.5 && i < places ? 1 : 0));
  return { places: tensor(oneHot, [n, places]), takes: tensor(takes, [n]) };
}

type Draws = { readonly places: Traced; readonly takes: Traced };
type Pool = { [name: string]: Traced };

const flat = (x: Traced): Traced => x.reshape([x.shape[0]!, -1]);
const beside = (share: Traced) => share.reshape([-1, 1]);

/** What a critic is shown for fresh samples [n, C, H, W]: those, or what was at their places. Consumes all. */
export function shownOf(fresh: Traced, { images, taken }: Pool, { places, takes }: Draws): Traced {
  const old = np.matmul(places.ref, flat(images!));
  const share = takes.mul(np.matmul(places, taken!.reshape([-1, 1])).reshape([-1]));
  const shown = flat(fresh.ref)
    .mul(beside(share.ref.mul(-1).add(1)))
    .add(old.mul(beside(share)));
  return shown.reshape(fresh.shape);
}

/** The pool with fresh samples at their places, without gradient. Consumes all. */
export function pooled(fresh: Traced, { images, taken }: Pool, { places, takes }: Draws): Pool {
  const shape = images!.shape;
  const chosen = places.mul(beside(takes));
  const share = np.sum(chosen.ref, 0);
  const kept = flat(images!).mul(beside(share.ref.mul(-1).add(1)));
  const put = np.matmul(chosen.transpose(), flat(lax.stopGradient(fresh)));
  return { images: kept.add(put).reshape(shape), taken: np.maximum(taken!, share) };
}
