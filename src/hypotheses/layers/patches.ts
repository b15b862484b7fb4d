import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";

export interface PatchOptions {
  /** Side of a square patch. */
  readonly kernel: number;
  /** Zeros around the images. */
  readonly padding: number;
  /** Side of the square windows in whose order the patches come; 1 is row by row. */
  readonly window: number;
}

/**
 * The patches under every position of a kernel: images [n, C, H, W] → [n, C·kernel², P], P = (H + 2·padding − kernel + 1) ·
 * (W + …). They come corner by corner: first those at the upper left of all windows, row by row, then those to their right ….
 * Consumes `images`. The padded height and width, and those of the positions, must be multiples of `window`.
 */
export function patchesOf(images: Traced, { kernel, padding, window }: PatchOptions): Traced {
  const [n, channels, height, width] = images.shape as [number, number, number, number];
  const [rows, columns] = [height, width].map((d) => (d + 2 * padding) / window) as [number, number];
  // Every phase of the windows an image: what the kernels below pick is then a convolution in steps of one.
  const phases = np
    .pad(images, [
      [0, 0],
      [0, 0],
      [padding, padding],
      [padding, padding],
    ])
    .reshape([n, channels, rows, window, columns, window])
    .transpose([0, 1, 3, 5, 2, 4])
    .reshape([n, channels * window ** 2, rows, columns]);
  const picked = lax.convGeneralDilated(phases, pickers(channels, kernel, window), [1, 1], "VALID");
  return picked.reshape([n, channels * kernel ** 2, -1]);
}

/** Kernels of a single one: [C·kernel²·window², C·window², K, K]. */
function pickers(channels: number, kernel: number, window: number): Traced {
  const extent = Math.floor((kernel + window - 2) / window) + 1;
  const [patch, phases] = [kernel ** 2, window ** 2];
  const shape = [channels * patch * phases, channels * phases, extent, extent];
  const picks = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let k = 0; k < shape[0]!; k++) {
    const [corner, tap, channel] = [k % phases, Math.floor(k / phases) % patch, Math.floor(k / phases / patch)];
    const y = Math.floor(tap / kernel) + Math.floor(corner / window);
    const x = (tap % kernel) + (corner % window);
    const phase = (channel * window + (y % window)) * window + (x % window);
    picks[((k * shape[1]! + phase) * extent + Math.floor(y / window)) * extent + Math.floor(x / window)] = 1;
  }
  return np.array(picks, { shape });
}
