import { numpy as np, type Array as Traced } from "@jax-js/jax";

/** A linear map of lines as a matrix, row-major [from, to]. */
export interface LineMap {
  readonly from: number;
  readonly to: number;
  readonly values: Float32Array;
}

/** A map of lines applied across and down: [n, C, from, from'] → [n, C, to, to']. Consumes the images. */
export function resampled(x: Traced, down: LineMap, across: LineMap = down): Traced {
  const [n, channels] = x.shape as [number, number];
  const matrix = ({ from, to, values }: LineMap) => np.array(values, { shape: [from, to] });
  const rows = np
    .matmul(x.reshape([n * channels * down.from, across.from]), matrix(across))
    .reshape([n * channels, down.from, across.to])
    .transpose([0, 2, 1])
    .reshape([n * channels * across.to, down.from]);
  return np.matmul(rows, matrix(down)).reshape([n, channels, across.to, down.to]).transpose([0, 1, 3, 2]);
}

/**
 * A line resized with a triangle filter, as wide as a pixel of the result where it becomes shorter (antialiased) and of the line where it
 * becomes longer; pixel areas as units, shares of a pixel that would lie outside given to the others.
 */
export function resizing(from: number, to: number): LineMap {
  const values = new Float32Array(from * to);
  const scale = from / to;
  const support = Math.max(1, scale);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const shares = Array.from({ length: from }, (_, j) => Math.max(0, 1 - Math.abs((j + 0.5 - centre) / support)));
    const sum = shares.reduce((total, share) => total + share, 0);
    for (const [j, share] of shares.entries()) values[j * to + i] = share / sum;
  }
  return { from, to, values };
}
