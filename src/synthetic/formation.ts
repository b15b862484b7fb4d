import { numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * Multi-formation 𝒜_r (Kim et al. 2022; A.3): a stored image is factor × factor tiles, each enlarged bilinearly to a whole
 * image. Sizes that the factor does not divide are padded at the bottom and right.
 */
export interface Formation {
  readonly factor: number;
  readonly height: number;
  readonly width: number;
  /** Value of padding pixels, in the stored range. */
  readonly padding: number;
}

/** Sides of a tile in pixels. */
export const tileOf = ({ factor, height, width }: Formation): [number, number] => [
  Math.ceil(height / factor),
  Math.ceil(width / factor),
];

/**
 * [G, n, C, H, W] → [G, factor² n, C, H, W], tile (0, 0) of all images first, then (0, 1), …; consumes the images.
 */
export function form(images: Traced, formation: Formation): Traced {
  const { factor, height, width, padding } = formation;
  if (factor === 1) return images;
  const [groups, n, channels] = images.shape as [number, number, number];
  const [h, w] = tileOf(formation);
  const [below, right] = [h * factor - height, w * factor - width];
  let x = images;
  if (below + right > 0)
    x = np
      .pad(x.sub(padding), [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, below],
        [0, right],
      ])
      .add(padding);
  const tiles = x
    .reshape([groups, n, channels, factor, h, factor, w])
    .transpose([0, 3, 5, 1, 2, 4, 6])
    .reshape([-1, w]);
  const count = groups * factor * factor * n * channels;
  const wide = np.matmul(tiles, enlarging(w, width)).reshape([count, h, width]).transpose([0, 2, 1]);
  return np
    .matmul(wide.reshape([-1, h]), enlarging(h, height))
    .reshape([count, width, height])
    .transpose([0, 2, 1])
    .reshape([groups, factor * factor * n, channels, height, width]);
}

/** Bilinear enlargement of a line of `from` pixels to `to` as a matrix [from, to], pixel areas as units (PyTorch's
 * `align_corners=False`). */
function enlarging(from: number, to: number): Traced {
  return np.array(enlargement(from, to), { shape: [from, to] });
}

/** The matrix of {@link enlarging}, row-major. */
export function enlargement(from: number, to: number): Float32Array {
  const matrix = new Float32Array(from * to);
  samplings.bilinear(from, to).forEach((made, i) => {
    for (const [pixel, share] of made) matrix[pixel * to + i] = matrix[pixel * to + i]! + share;
  });
  return matrix;
}

/** Pixels of a line that a pixel of another is made of, each with its share. */
type Made = readonly (readonly [pixel: number, share: number])[];

/** Ways to sample a line of `from` pixels at `to` places. */
const samplings = {
  nearest: (from: number, to: number): Made[] =>
    Array.from({ length: to }, (_, i) => [[Math.floor((i * from) / to), 1]]),
  /** Interpolates between the two pixels beside a place, pixel areas as units; shrinking by two takes their mean. */
  bilinear: (from: number, to: number): Made[] =>
    Array.from({ length: to }, (_, i) => {
      const at = Math.max(0, ((i + 0.5) * from) / to - 0.5);
      const low = Math.min(from - 1, Math.floor(at));
      const share = at - low;
      return [
        [low, 1 - share],
        [Math.min(from - 1, low + 1), share],
      ];
    }),
};

export type Sampling = keyof typeof samplings;

/**
 * Whole images as stored ones: every factor² of a class become the tiles of one, shrunk.
 *
 * @param images [classes · ipc · factor², C, H, W], class-major; within a class image t · ipc + i becomes tile t of image i.
 * @returns [classes · ipc, C, H, W].
 */
export function tiled(
  images: Float32Array,
  channels: number,
  ipc: number,
  formation: Formation,
  sampling: Sampling,
): Float32Array {
  const { factor, height, width } = formation;
  if (factor === 1) return images;
  const [h, w] = tileOf(formation);
  const [rows, columns] = [samplings[sampling](height, h), samplings[sampling](width, w)];
  const plane = height * width;
  const stored = images.length / (factor * factor);
  const out = new Float32Array(stored);
  const count = stored / (channels * plane);
  for (let s = 0; s < count; s++) {
    const [group, i] = [Math.floor(s / ipc), s % ipc];
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const tile = Math.floor(y / h) * factor + Math.floor(x / w);
          const image = (group * factor * factor + tile) * ipc + i;
          const start = (image * channels + c) * plane;
          let sum = 0;
          for (const [row, down] of rows[y % h]!)
            for (const [column, across] of columns[x % w]!)
              sum += down * across * images[start + row * width + column]!;
          out[(s * channels + c) * plane + y * width + x] = sum;
        }
  }
  return out;
}
