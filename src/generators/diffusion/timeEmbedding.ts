import { numpy as np, type Array as Traced } from "@jax-js/jax";

/** cos and sin of a time at `size`/2 frequencies from 1 down to 1/10000: [n] → [n, size]. Consumes the times. */
export function timeEmbedding(times: Traced, size: number): Traced {
  const half = size / 2;
  const frequencies = Array.from({ length: half }, (_, k) => Math.exp((-Math.log(10000) * k) / half));
  const angles = times.reshape([-1, 1]).mul(np.array(frequencies, { shape: [1, half] }));
  return np.concatenate([np.cos(angles.ref), np.sin(angles)], 1);
}
