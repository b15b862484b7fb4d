import { Pace } from "../engine/index.ts";

/** The side of the window in which moments are taken, at most; odd. */
const windowSide = 7;
/** Wang et al. 2004: (0.01 L)² and (0.03 L)², with pixels of 0 to 1. */
const [c1, c2] = [0.01 ** 2, 0.03 ** 2];

/** Means and variances of an image in every whole window: [channels, windows]. */
interface Moments {
  readonly pixels: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Windows over planes of one size. */
class Windows {
  private readonly side: number;
  readonly count: number;
  /** The factor from a mean of squares less a square to an unbiased variance. */
  readonly unbiased: number;
  private readonly lines: Float64Array;

  constructor(
    readonly channels: number,
    readonly height: number,
    readonly width: number,
  ) {
    const most = Math.min(windowSide, height, width);
    this.side = most % 2 === 1 ? most : most - 1;
    this.count = (height - this.side + 1) * (width - this.side + 1);
    const n = this.side ** 2;
    this.unbiased = n > 1 ? n / (n - 1) : 1;
    this.lines = new Float64Array(height * (width - this.side + 1));
  }

  /** The means over all windows of the products of two images' pixels, of all channels. */
  means(
    a: Float64Array,
    b?: Float64Array,
    out: Float64Array = new Float64Array(this.channels * this.count),
  ): Float64Array {
    const { channels, height, width, side, lines } = this;
    const across = width - side + 1;
    const area = side * side;
    for (let c = 0; c < channels; c++) {
      const plane = c * height * width;
      const value = (at: number) => (b ? a[at]! * b[at]! : a[at]!);
      for (let y = 0; y < height; y++) {
        const row = plane + y * width;
        let sum = 0;
        for (let x = 0; x < side; x++) sum += value(row + x);
        lines[y * across] = sum;
        for (let x = 1; x < across; x++) {
          sum += value(row + x + side - 1) - value(row + x - 1);
          lines[y * across + x] = sum;
        }
      }
      for (let x = 0; x < across; x++) {
        let sum = 0;
        for (let y = 0; y < side; y++) sum += lines[y * across + x]!;
        out[c * this.count + x] = sum / area;
        for (let y = 1; y + side <= height; y++) {
          sum += lines[(y + side - 1) * across + x]! - lines[(y - 1) * across + x]!;
          out[c * this.count + y * across + x] = sum / area;
        }
      }
    }
    return out;
  }

  momentsOf(pixels: Float64Array): Moments {
    const mean = this.means(pixels);
    const squares = this.means(pixels, pixels);
    return { pixels, mean, variance: squares.map((s, k) => this.unbiased * (s - mean[k]! ** 2)) };
  }
}

/** The structural similarity of two images with moments; `scratch` is as long as their means. */
function similarity(windows: Windows, a: Moments, b: Moments, scratch: Float64Array): number {
  windows.means(a.pixels, b.pixels, scratch);
  let sum = 0;
  for (let k = 0; k < scratch.length; k++) {
    const [u, v] = [a.mean[k]!, b.mean[k]!];
    const covariance = windows.unbiased * (scratch[k]! - u * v);
    sum += ((2 * u * v + c1) * (2 * covariance + c2)) / ((u * u + v * v + c1) * (a.variance[k]! + b.variance[k]! + c2));
  }
  return sum / scratch.length;
}

const all = (images: Float32Array, windows: Windows): Moments[] => {
  const d = windows.channels * windows.height * windows.width;
  return Array.from({ length: images.length / d }, (_, i) =>
    windows.momentsOf(Float64Array.from(images.subarray(i * d, (i + 1) * d))),
  );
};

/**
 * The structural similarity of images (Wang et al. 2004), in even windows of 7 by 7 with unbiased moments, a mean over windows and
 * channels: 1 for equal ones.
 *
 * @param a one image [C, H, W], pixels of 0 to 1
 */
export function ssim(a: Float32Array, b: Float32Array, shape: readonly [number, number, number]): number {
  const windows = new Windows(...shape);
  const [x, y] = [all(a, windows)[0]!, all(b, windows)[0]!];
  return similarity(windows, x, y, new Float64Array(x.mean.length));
}

/**
 * 1 − SSIM from each image to the most similar of others.
 *
 * @param images [n, C, H, W], pixels of 0 to 1
 * @param others [m, C, H, W]
 */
export async function leastDissimilarity(
  images: Float32Array,
  others: Float32Array,
  shape: readonly [number, number, number],
  signal?: AbortSignal,
): Promise<Float64Array> {
  const windows = new Windows(...shape);
  const d = shape[0] * shape[1] * shape[2];
  const known = all(others, windows);
  const scratch = new Float64Array(shape[0] * windows.count);
  const pace = new Pace(signal);
  const out = new Float64Array(images.length / d);
  for (let i = 0; i < out.length; i++) {
    const own = windows.momentsOf(Float64Array.from(images.subarray(i * d, (i + 1) * d)));
    let most = Number.NEGATIVE_INFINITY;
    for (const other of known) most = Math.max(most, similarity(windows, own, other, scratch));
    out[i] = 1 - most;
    if (pace.spent(known.length * d)) await pace.pause();
  }
  return out;
}
