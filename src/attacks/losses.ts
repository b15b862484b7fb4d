import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { crossEntropies } from "../hypotheses/index.ts";
import type { AttackLoss } from "./victim.ts";

/** Losses of logits [n, K], one-hot labels and one-hot targets [n, K], as they are traced: [n]. They consume all three. */
export const tracedLosses: Readonly<Record<AttackLoss, (z: Traced, y: Traced, t: Traced) => Traced>> = {
  "cross-entropy": (z, y, t) => {
    t.dispose();
    return crossEntropies(z, y);
  },
  dlr: (z, y, t) => {
    t.dispose();
    const ranks = ranksOf(z.ref);
    const spread = atRank(z.ref, ranks.ref, 0)
      .sub(atRank(z.ref, ranks.ref, 2))
      .add(1e-12);
    return marginOf(z, y, ranks).div(spread);
  },
  "targeted-dlr": (z, y, t) => {
    const ranks = ranksOf(z.ref);
    const lower = atRank(z.ref, ranks.ref, 2).add(atRank(z.ref, ranks.ref, 3));
    const spread = atRank(z.ref, ranks, 0).sub(lower.mul(0.5)).add(1e-12);
    return differenceOf(z, y, t).div(spread);
  },
  margin: (z, y, t) => {
    t.dispose();
    const ranks = ranksOf(z.ref);
    return marginOf(z, y, ranks);
  },
  difference: (z, y, t) => differenceOf(z, y, t),
};

/** z_t − z_y. Consumes all. */
const differenceOf = (z: Traced, y: Traced, t: Traced): Traced => np.sum(z.mul(t.sub(y)), 1);

/** max_{k≠y} z_k − z_y: the largest logit is the label's own or another's. Consumes all. */
function marginOf(z: Traced, y: Traced, ranks: Traced): Traced {
  const onTop = np.sum(y.ref.mul(atPlace(ranks.ref, 0)), 1);
  const [first, second] = [atRank(z.ref, ranks.ref, 0), atRank(z.ref, ranks, 1)];
  const other = first.ref.add(onTop.mul(second.sub(first)));
  return other.sub(np.sum(z.mul(y), 1));
}

/** The rank of every logit in its row, 0 for the largest, of equal ones the first before the next; no gradient. Consumes z. */
function ranksOf(z: Traced): Traced {
  const [n, k] = z.shape as [number, number];
  const still = lax.stopGradient(z);
  const own = still.ref.reshape([n, k, 1]);
  const others = still.reshape([n, 1, k]);
  const places = np.arange(k).astype(np.float32);
  const earlier = np.less(places.ref.reshape([1, 1, k]), places.reshape([1, k, 1])).astype(np.float32);
  const asLarge = np.greaterEqual(others.ref, own.ref).astype(np.float32);
  const larger = np.less(own, others).astype(np.float32);
  // An earlier logit goes before if it is as large, a later one only if it is larger.
  return np.sum(larger.ref.add(earlier.mul(asLarge.sub(larger))), 2);
}

/** 1 where the rank is r, 0 elsewhere. Consumes the ranks. */
const atPlace = (ranks: Traced, r: number): Traced => np.maximum(np.abs(ranks.sub(r)).mul(-1).add(1), 0);

/** The logit of rank r of every row: [n]. Consumes both. */
const atRank = (z: Traced, ranks: Traced, r: number): Traced => np.sum(z.mul(atPlace(ranks, r)), 1);
