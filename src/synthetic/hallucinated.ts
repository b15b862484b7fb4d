import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { arrayShape } from "../data/domain.ts";
import { AttarError, flag, integer, number, type RandomKey, size, type Tensor, tensor, work } from "../engine/index.ts";
import { initialiseImages } from "./initialise.ts";
import { type DataSpace, declareSpace, groundOf, type TracedVariables } from "./space.ts";

/**
 * Dataset factorization (Liu et al. 2022; A.1.4): S as small bases of each class and hallucinators that all classes share. A hallucinator
 * is a convolution to a few channels, a scale and a shift of every position there, and a transposed convolution back:
 * x = last ⋆ᵀ (scale ⊙ (first ⋆ b) + shift), without padding. Every base through every hallucinator is an image, and a step of training on
 * S sees every base through one of them. Hallucinators start near the identity.
 */
export const hallucinated = declareSpace({
  title: "bases and hallucinators",
  domains: ["image"],
  reference: "A.1.4, hallucinators",
  citation: work(
    "S. Liu, K. Wang, X. Yang, J. Ye and X. Wang",
    2022,
    "Dataset Distillation via Factorization",
    "NeurIPS",
  ),
  options: {
    hallucinators: integer(5, 1, 64, "hallucinators, shared by all classes"),
    bases: integer(
      0,
      0,
      undefined,
      "bases of a class; 0 for as many as ipc images of floats hold beside the hallucinators, one at least",
    ),
    channels: integer(0, 0, 64, "channels between the two convolutions; 0 for those of an image"),
    kernel: integer(3, 1, 7, "side of both kernels"),
    grey: flag(false, "whether a base has one channel, of whatever images"),
    spread: number(
      0.1,
      0,
      undefined,
      "standard deviation of a hallucinator's numbers around the identity at the start",
    ),
    hallucinatorRate: number(1, 0, undefined, "factor on the learning rate of the hallucinators"),
  },
  storage: ({ hallucinators, bases }) =>
    `${bases || "as many"} bases per class${bases ? "" : " as ipc images of C x H x W floats hold"} and ${hallucinators} hallucinators; a network trains on every base through every hallucinator`,
  extent(options, { domain, classes: names }, ipc) {
    const sizes = sizesOf(options, arrayShape(domain));
    const classes = names.length;
    const each = size(sizes.base);
    const shared = options.hallucinators * size1(sizes);
    const room = classes * ipc * size(domain.shape);
    const bases = options.bases || Math.max(1, Math.floor((room - shared) / (classes * each)));
    return {
      imagesPerClass: bases * options.hallucinators,
      renderings: options.hallucinators,
      startImages: bases,
      storedFloats: Math.min(
        classes * bases * each + shared,
        classes * bases * options.hallucinators * size(domain.shape),
      ),
      form: { codes: classes * bases * each, decoder: shared },
    };
  },
  make(options, facts, ipc) {
    const { hallucinators, spread, hallucinatorRate: rate } = options;
    const extent = hallucinated.extent(options, groundOf(facts), ipc);
    const sizes = sizesOf(options, facts.shape);
    const shared = { perClass: false, rate };
    const space: DataSpace = {
      ...extent,
      variables: {
        bases: { perClass: true, rate: 1 },
        first: shared,
        firstBias: shared,
        scale: shared,
        shift: shared,
        last: shared,
        lastBias: shared,
      },
      most: 0,
      plain: false,
      async initial(how, key, reader, signal) {
        const count = facts.classes.length * extent.startImages;
        const bases =
          how.name === "noise"
            ? tensor(key.normal(count * size(sizes.base)), [count, ...sizes.base])
            : tensor(
                averaged(
                  await initialiseImages(reader, extent.startImages, how, key, signal),
                  facts.shape,
                  options.grey,
                ),
                [count, ...sizes.base],
              );
        return {
          bases,
          ...nearIdentity(sizes, hallucinators, spread, frameMeans(bases, sizes), key.fold("hallucinators")),
        };
      },
      decode: (variables) => decoded(variables),
      settle: (variables) => variables,
    };
    return space;
  },
});

/** The sizes of a base, of the map between the two convolutions, and of an image. */
interface Sizes {
  readonly base: readonly [channels: number, height: number, width: number];
  readonly map: readonly [channels: number, height: number, width: number];
  readonly image: readonly [channels: number, height: number, width: number];
  readonly kernel: number;
}

interface SizeOptions {
  readonly channels: number;
  readonly kernel: number;
  readonly grey: boolean;
}

function sizesOf({ channels, kernel, grey }: SizeOptions, image: readonly [number, number, number]): Sizes {
  const [depth, height, width] = image;
  if (Math.min(height, width) < kernel)
    throw new AttarError(
      "bad-combination",
      `a kernel of ${kernel} x ${kernel} does not fit into images of ${height} x ${width}`,
      "--set synthetic.kernel=1",
    );
  const base = [grey ? 1 : depth, height, width] as const;
  return { base, map: [channels || depth, height - kernel + 1, width - kernel + 1], image, kernel };
}

/** Numbers of one hallucinator. */
const size1 = ({ base: [input], map, image: [output], kernel }: Sizes): number =>
  kernel * kernel * map[0] * (input + output) + map[0] + output + 2 * size(map);

/**
 * Bases [G, b, c, H, W] through hallucinators: `first` [h, F, c, k, k] and `last` [h, C, F, k, k] as cross-correlations, their biases
 * [h, F] and [h, C], `scale` and `shift` [h, F, H′, W′] → [G, b h, C, H, W], base by base.
 */
function decoded({ bases, first, firstBias, scale, shift, last, lastBias }: TracedVariables): Traced {
  const [groups, b, c, height, width] = bases!.shape as [number, number, number, number, number];
  const [h, channels, , k] = last!.shape as [number, number, number, number, number];
  const [, f, y, x] = scale!.shape as [number, number, number, number];
  const n = groups * b;
  const maps = lax
    .convGeneralDilated(bases!.reshape([n, c, height, width]), first!.reshape([h * f, c, k, k]), [1, 1], pads(0))
    .add(firstBias!.reshape([1, h * f, 1, 1]))
    .mul(scale!.reshape([1, h * f, y, x]))
    .add(shift!.reshape([1, h * f, y, x]))
    .reshape([n, h, f, y, x]);
  const images = Array.from({ length: h }, (_, j) => {
    const own = h === 1 ? maps : (j < h - 1 ? maps.ref : maps).slice([], [j, j + 1]);
    const kernels = h === 1 ? last! : (j < h - 1 ? last!.ref : last!).slice([j, j + 1]);
    return lax.convGeneralDilated(own.reshape([n, f, y, x]), kernels.reshape([channels, f, k, k]), [1, 1], pads(k - 1));
  });
  return np
    .stack(images, 1)
    .add(lastBias!.reshape([1, h, channels, 1, 1]))
    .reshape([groups, b * h, channels, height, width]);
}

const pads = (n: number): [number, number][] => [
  [n, n],
  [n, n],
];

/**
 * Hallucinators that leave images as they are but for noise: kernels with 1 in their middle, scales 1. What the unpadded convolution cuts
 * off, the frame of an image, starts at `frame`, its mean of every channel.
 */
function nearIdentity(
  { base: [input], map, image: [output], kernel: k }: Sizes,
  count: number,
  spread: number,
  frame: Float64Array,
  key: RandomKey,
): Record<string, Tensor> {
  const f = map[0];
  const middle = (k * k - 1) / 2;
  const noisy = (name: string, shape: readonly number[], at: (index: number) => number) => {
    const noise = key.fold(name).normal(count * size(shape));
    return tensor(
      noise.map((v, i) => at(i % size(shape)) + spread * v),
      [count, ...shape],
    );
  };
  /** Channels of the map that an output channel is made of. */
  const parts = (c: number) => Array.from({ length: f }, (_, g) => g).filter((g) => g % output === c).length;
  // With fewer channels between than an image has, every one of them goes to all that are left.
  const share = (c: number, g: number) => (f < output ? (c % f === g ? 1 : 0) : g % output === c ? 1 / parts(c) : 0);
  const isMiddle = (i: number) => (k % 2 === 1 ? i % (k * k) === middle : i % (k * k) === Math.ceil(middle));
  const plane = map[1] * map[2];
  return {
    first: noisy("first", [f, input, k, k], (i) => {
      const [g, c] = [Math.floor(i / (input * k * k)), Math.floor(i / (k * k)) % input];
      return isMiddle(i) && c === g % input ? 1 : 0;
    }),
    firstBias: noisy("firstBias", [f], () => 0),
    scale: noisy("scale", map, () => 1),
    shift: noisy("shift", map, (i) => -(k > 1 ? frame[Math.floor(i / plane) % output]! : 0)),
    last: noisy("last", [output, f, k, k], (i) => {
      const [c, g] = [Math.floor(i / (f * k * k)), Math.floor(i / (k * k)) % f];
      return isMiddle(i) ? share(c, g) : 0;
    }),
    lastBias: noisy("lastBias", [output], (c) => (k > 1 ? frame[c]! : 0)),
  };
}

/** The mean of each channel of images over the frame that an unpadded convolution and its transpose leave to the bias. */
function frameMeans({ data, shape }: Tensor, { image: [channels, height, width], kernel }: Sizes): Float64Array {
  const [count, own] = shape as [number, number, number, number];
  const cut = Math.floor((kernel - 1) / 2);
  const sums = new Float64Array(channels);
  let seen = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (y >= cut && y < height - cut && x >= cut && x < width - cut) continue;
      seen++;
      for (let i = 0; i < count; i++)
        for (let c = 0; c < channels; c++) sums[c]! += data[((i * own + (c % own)) * height + y) * width + x]!;
    }
  return sums.map((sum) => (seen === 0 ? 0 : sum / (seen * count)));
}

/** Images as bases have them: as they are, or the mean of their channels. */
function averaged(images: Float32Array, [channels, height, width]: readonly [number, number, number], grey: boolean) {
  if (!grey || channels === 1) return images;
  const plane = height * width;
  return Float32Array.from({ length: images.length / channels }, (_, i) => {
    const [image, at] = [Math.floor(i / plane), i % plane];
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += images[(image * channels + c) * plane + at]!;
    return sum / channels;
  });
}
