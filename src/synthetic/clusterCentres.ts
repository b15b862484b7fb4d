import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import { type Pace, type RandomKey, size, Tensor } from "../engine/index.ts";
import { kmeansCentres } from "./kmeans.ts";
import type { CodesOf } from "./select.ts";

/** The centres that are wanted of a clustering. */
export interface WantedCentres {
  readonly count: number;
  /** [C, H, W] of an image. */
  readonly shape: readonly [number, number, number];
  /** The encoder by whose codes images are clustered; by their pixels where left out. */
  readonly encoder?: CodesOf | undefined;
  /** True where a centre is its mean code decoded, for which the encoder needs a decoder, and not the mean of its images. */
  readonly decoded: boolean;
}

/**
 * The centres of a k-means clustering of images [n, C, H, W]: those of their pixels; of their codes the mean image of each
 * cluster (of an emptied one the image whose code is nearest to its centre), or the mean code decoded (Su et al. 2024, §5.2.1).
 *
 * @returns [count, C, H, W]
 */
export async function centresOf(
  images: Float32Array,
  { count, shape, encoder, decoded }: WantedCentres,
  key: RandomKey,
  pace: Pace,
): Promise<Float32Array> {
  const d = size(shape);
  if (!encoder) return kmeansCentres(images, d, count, key, { pace });
  const n = images.length / d;
  const m = encoder.dimension;
  const codes = (await encoder.encode(new Tensor(images, [n, ...shape], "float32"))).data as Float32Array;
  const centres = await kmeansCentres(codes, m, count, key, { pace });
  if (decoded && encoder.decode)
    return (await encoder.decode(new Tensor(centres, [count, m], "float32"))).data as Float32Array;
  return meanImages(images, d, nearestCentres(codes, centres, m), nearestCentres(centres, codes, m), count);
}

/** The centre nearest to each point of dimension m. */
function nearestCentres(points: Float32Array, centres: Float32Array, m: number): Int32Array {
  return Int32Array.from({ length: points.length / m }, (_, i) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let k = 0; k < centres.length / m; k++) {
      const gap = squaredDistance(points, i, centres, k, m, least);
      if (gap < least) [least, best] = [gap, k];
    }
    return best;
  });
}

/** The mean of the images of each cluster; of one without images the image that stands in for it. */
function meanImages(images: Float32Array, d: number, cluster: Int32Array, standIn: Int32Array, count: number) {
  const sums = new Float64Array(count * d);
  const sizes = new Int32Array(count);
  const add = (k: number, i: number) => {
    sizes[k] = sizes[k]! + 1;
    for (let j = 0; j < d; j++) sums[k * d + j] = sums[k * d + j]! + images[i * d + j]!;
  };
  for (const [i, k] of cluster.entries()) add(k, i);
  for (const [k, i] of standIn.entries()) if (sizes[k] === 0) add(k, i);
  return Float32Array.from(sums, (sum, at) => sum / sizes[Math.floor(at / d)]!);
}
