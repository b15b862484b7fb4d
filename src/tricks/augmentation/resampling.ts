import type { Draw } from "./draw.ts";

/** Bilinear resampling of one image plane: output pixel p is Σ_t weight[4p+t] · input[index[4p+t]]. */
export interface Resampling {
  readonly index: Int32Array;
  readonly weight: Float32Array;
  /** The index of the input pixel that an output pixel is, -1 for zero, where every one is such. */
  readonly moves?: Int32Array;
}

/** True when a draw moves no pixel. */
export function isStill(draw: Draw): boolean {
  const [a, b, c, d] = draw.affine;
  return (
    a === 1 && b === 0 && c === 0 && d === 1 && !draw.flip && draw.shift[0] === 0 && draw.shift[1] === 0 && !draw.cutout
  );
}

/**
 * The geometric part of a draw as a sparse linear map of pixels. Coordinates and interpolation are those of an affine grid
 * sampled bilinearly with zero padding and pixel areas as units (PyTorch's `align_corners=False`): pixel j sits at
 * (2 j + 1) / width − 1.
 */
export function resampling(draw: Draw, height: number, width: number): Resampling {
  const pixels = height * width;
  const index = new Int32Array(pixels * 4);
  const weight = new Float32Array(pixels * 4);
  const [a, b, c, d] = draw.affine;
  const integral = a === 1 && b === 0 && c === 0 && d === 1;
  const moves = integral ? new Int32Array(pixels).fill(-1) : undefined;
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const at = 4 * (i * width + j);
      if (draw.cutout) {
        const [top, left, side] = draw.cutout;
        if (i >= top && i < top + side && j >= left && j < left + side) continue;
      }
      if (moves) {
        const y = i + draw.shift[0];
        const x = (draw.flip ? width - 1 - j : j) + draw.shift[1];
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        index[at] = y * width + x;
        weight[at] = 1;
        moves[at / 4] = index[at]!;
        continue;
      }
      const u = (2 * j + 1) / width - 1;
      const v = (2 * i + 1) / height - 1;
      const straight = ((a * u + b * v + 1) * width - 1) / 2;
      const x = draw.flip ? width - 1 - straight : straight;
      const y = ((c * u + d * v + 1) * height - 1) / 2;
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      for (let t = 0; t < 4; t++) {
        const [xt, yt] = [x0 + (t & 1), y0 + (t >> 1)];
        if (xt < 0 || xt >= width || yt < 0 || yt >= height) continue;
        index[at + t] = yt * width + xt;
        weight[at + t] = (1 - Math.abs(x - xt)) * (1 - Math.abs(y - yt));
      }
    }
  return { index, weight, ...(moves && { moves }) };
}
