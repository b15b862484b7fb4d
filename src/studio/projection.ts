import type { Dataset } from "../data/browser.ts";
import { randomKey, Tensor } from "../engine/index.ts";
import { fitPca } from "../views/pushForward/pca.ts";
import type { Projection } from "./contract.ts";
import { firstOfEach, imagesOfSplit } from "./images.ts";

/** The most samples of T that are drawn: more are slow to draw, and hide one another. */
const drawn = 2000;

/**
 * Fits the two directions of T's pictures in which they vary most.
 *
 * @throws AttarError "bad-encoder" where there are fewer than three samples
 */
export async function projectionOf(dataset: Dataset): Promise<Projection> {
  const { classes, train } = dataset;
  const each = Math.max(1, Math.floor(drawn / classes.length));
  const pictures = imagesOfSplit(dataset, train, firstOfEach(train, classes.length, each));
  const { count, channels, height, width } = pictures;
  const images = new Tensor(
    Float32Array.from(pictures.data, (byte) => byte / 255),
    [count, channels, height, width],
    "float32",
  );
  const labels = Int32Array.from(pictures.labels);
  const encoder = await fitPca({ name: dataset.name, images, labels, classes }, 2, randomKey(0));
  const codes = await encoder.encode(images);
  const [directions, mean] = ["components", "mean"].map((name) =>
    Float32Array.from(encoder.saved.tensors[name]!.data as Float32Array),
  );
  return {
    directions: directions!,
    mean: mean!,
    shares: sharesOf(codes.data as Float32Array, images, mean!),
    points: codes.data as Float32Array,
    labels: pictures.labels,
  };
}

/** The share of the variance of samples that each coordinate of their codes has. */
function sharesOf(codes: Float32Array, { data }: Tensor, mean: Float32Array): number[] {
  let all = 0;
  for (const [i, value] of data.entries()) all += (Number(value) - mean[i % mean.length]!) ** 2;
  const shares = [0, 0];
  for (const [i, value] of codes.entries()) shares[i % 2] = shares[i % 2]! + value ** 2 / all;
  return shares;
}
