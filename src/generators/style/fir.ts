import { numpy as np, type Array as Traced } from "@jax-js/jax";

/** The taps of StyleGAN2's resampling filter (Karras et al. 2020). */
const taps = [1, 3, 3, 1] as const;
const norm = 8;

/**
 * A filter along a line as a banded matrix [from, to], row-major: output i is Σₖ 2·taps[k]/8 · line[i + k − before], where element j of the line is
 * input j / stride if that is whole and a zero otherwise. The gain of two makes up for the zeros in between.
 */
export function firMatrix(from: number, to: number, stride: number, before: number): Float32Array {
  const matrix = new Float32Array(from * to);
  for (let i = 0; i < to; i++)
    for (const [k, tap] of taps.entries()) {
      const at = i + k - before;
      const input = at / stride;
      if (at >= 0 && Number.isInteger(input) && input < from) matrix[input * to + i] = (2 * tap) / norm;
    }
  return matrix;
}

/** Rows and columns of maps [n, C, h, w] through the matrices [h, H] and [w, W]: [n, C, H, W]. Consumes the maps. */
function resampled(maps: Traced, along: (from: number) => { to: number; matrix: Float32Array }): Traced {
  const [n, channels, h, w] = maps.shape as [number, number, number, number];
  const [rows, columns] = [along(h), along(w)];
  const wide = np
    .matmul(maps.reshape([-1, w]), np.array(columns.matrix, { shape: [w, columns.to] }))
    .reshape([n * channels, h, columns.to])
    .transpose([0, 2, 1]);
  return np
    .matmul(wide.reshape([-1, h]), np.array(rows.matrix, { shape: [h, rows.to] }))
    .reshape([n, channels, columns.to, rows.to])
    .transpose([0, 1, 3, 2]);
}

/** Twice the size: zeros between pixels, two before and one after, then the filter: [1, 2] → [.75, 1.25, 1.75, 1.5]. Consumes the maps. */
export const firUp = (maps: Traced): Traced =>
  resampled(maps, (from) => ({ to: 2 * from, matrix: firMatrix(from, 2 * from, 2, 2) }));

/** The filter after a convolution that doubled 2h + 1 pixels: a zero on either side, [2h + 1] → [2h]. Consumes the maps. */
export const firAfterUp = (maps: Traced): Traced =>
  resampled(maps, (from) => ({ to: from - 1, matrix: firMatrix(from, from - 1, 1, 1) }));

/** Zeros between pixels and two on every side: [h] → [2h + 3], of which a 3x3 kernel makes 2h + 1. Consumes the maps. */
export function dilated(maps: Traced): Traced {
  const [n, channels, h, w] = maps.shape as [number, number, number, number];
  const spread = np
    .pad(maps.reshape([n, channels, h, 1, w, 1]), [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 1],
    ])
    .reshape([n, channels, 2 * h, 2 * w]);
  return np.pad(spread, [
    [0, 0],
    [0, 0],
    [2, 1],
    [2, 1],
  ]);
}
