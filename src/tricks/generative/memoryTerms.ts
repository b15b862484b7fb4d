import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { products, unitRows } from "../regularisation/features.ts";
import type { Reduction } from "../trick.ts";

/** How pairs of an estimate and a memory count: the one extreme pair of a class, or the extreme one of each estimate on the average. */
export const reductions = ["all", "each"] as const satisfies readonly Reduction[];

/** Estimates of a class's latents and a memory of others: [g, n, d] and [g, m, d], of which `filled` [g, m] is 1 where there is one. */
export interface Remembered {
  readonly estimates: Traced;
  readonly memory: Traced;
  readonly filled: Traced;
}

/** σ(x̂_i, r_m) with the gaps of the memory moved beyond every cosine, [g, n, m], and whether a class remembers anything, [g]. */
function likeness({ estimates, memory, filled }: Remembered, beyond: number): { cosines: Traced; any: Traced } {
  const [g, m] = filled.shape as [number, number];
  const any = np.max(filled.ref, 1);
  const gaps = filled.reshape([g, 1, m]).mul(-1).add(1).mul(beyond);
  return { cosines: products(unitRows(estimates), unitRows(memory)).add(gaps), any };
}

const meanOver = (values: Traced, any: Traced): Traced => np.mean(values.mul(any));

/**
 * Mean over classes of 1 − min σ(x̂, r) (Gu et al. 2024): every estimate should resemble the remembered latent of T that it is least like. 0 for
 * a class that remembers none. Consumes what it is given.
 */
export function representativeOf(remembered: Remembered, reduce: Reduction): Traced {
  const { cosines, any } = likeness(remembered, 3);
  const least = np.min(cosines, 2);
  return meanOver((reduce === "all" ? np.min(least, 1) : np.mean(least, 1)).mul(-1).add(1), any);
}

/** Mean over classes of max σ(x̂, s): no estimate should resemble a remembered one of its class. 0 for a class that remembers none. */
export function diversityOf(remembered: Remembered, reduce: Reduction): Traced {
  const { cosines, any } = likeness(remembered, -3);
  const most = np.max(cosines, 2);
  return meanOver(reduce === "all" ? np.max(most, 1) : np.mean(most, 1), any);
}
