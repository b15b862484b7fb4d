import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { arrayShape } from "../data/domain.ts";
import { integer, number, type RandomKey, type Tensor, tensor, work } from "../engine/index.ts";
import { pixels } from "./pixels.ts";
import { type DataSpace, declareSpace, groundOf } from "./space.ts";

/**
 * Channel-wise multi-formation 𝒜_c (Zhou et al. 2024; A.3): beside every stored image stand as many colourings of it as it
 * has colour maps, each a learned 1 × 1 convolution of its own, so that b images and three maps train as 4 b. Maps start
 * near the identity; with spatial formation the tiles of all of them are enlarged.
 */
export const channelFormation = declareSpace({
  title: "pixels and colour maps",
  domains: ["image"],
  reference: "A.3, channel-wise multi-formation",
  citation: work(
    "W. Zhou, G. Zheng and X. Ding",
    2024,
    "Dataset Distillation with Channel Efficient Process",
    "ICASSP",
  ),
  options: {
    maps: integer(3, 1, 16, "colour maps of every stored image"),
    spread: number(0.2, 0, undefined, "standard deviation of a map's entries around the identity at the start"),
    mapRate: number(0.1, 0, undefined, "factor on the learning rate of the maps"),
    ...pixels.options,
  },
  storage: ({ maps, factor }) => {
    const each = (maps + 1) * factor ** 2;
    return `ipc images of C x H x W floats per class, each with ${maps} colour maps of C x C + C; a network trains on ${each} images decoded from each`;
  },
  extent({ maps, spread: _s, mapRate: _m, ...own }, ground, ipc) {
    const [channels] = arrayShape(ground.domain);
    const base = pixels.extent(own, ground, ipc);
    return {
      ...base,
      imagesPerClass: (maps + 1) * base.imagesPerClass,
      storedFloats: base.storedFloats + ground.classes.length * ipc * maps * (channels * channels + channels),
    };
  },
  make(options, facts, ipc) {
    const { maps: m, spread, mapRate: rate, ...own } = options;
    const channels = facts.shape[0];
    const count = facts.classes.length * ipc;
    const base = pixels.make(own, facts, ipc);
    const space: DataSpace = {
      ...base,
      variables: {
        ...base.variables,
        mixing: { perClass: true, rate },
        shift: { perClass: true, rate },
      },
      ...channelFormation.extent(options, groundOf(facts), ipc),
      plain: false,
      initial: async (how, key, reader, signal) => ({
        ...(await base.initial(how, key, reader, signal)),
        mixing: nearIdentity(count * m, channels, spread, key.fold("mixing")).reshape([count, m, channels, channels]),
        shift: tensor(new Float32Array(count * m * channels), [count, m, channels]),
      }),
      decode({ images, mixing, shift }) {
        const [groups, n, c, height, width] = images!.shape as [number, number, number, number, number];
        const coloured = colour(images!.ref, mixing!, shift!).reshape([groups, m * n, c, height, width]);
        return base.decode({ images: np.concatenate([images!, coloured], 1) });
      },
      settle: ({ mixing, shift, ...rest }, renewed) => ({
        ...base.settle(rest, renewed),
        mixing: mixing!,
        shift: shift!,
      }),
    };
    return space;
  },
});

/** `count` matrices [channels, channels]. */
function nearIdentity(count: number, channels: number, spread: number, key: RandomKey): Tensor {
  const data = key.normal(count * channels * channels).map((v) => spread * v);
  for (let i = 0; i < data.length; i += channels * channels)
    for (let c = 0; c < channels; c++) data[i + c * channels + c]! += 1;
  return tensor(data, [count, channels, channels]);
}

/**
 * Every image under its maps, one 1 × 1 convolution each: images [G, n, C, H, W], mixing [G, n, m, C, C], shift [G, n, m, C]
 * → [G, m, n, C, H, W]. Consumes all three.
 */
function colour(images: Traced, mixing: Traced, shift: Traced): Traced {
  const [groups, n, channels, height, width] = images.shape as [number, number, number, number, number];
  const maps = mixing.shape[2]!;
  const flat = images.reshape([groups * n, channels, height * width]);
  const mixed = np.matmul(mixing.reshape([groups * n, maps * channels, channels]), flat);
  return mixed
    .add(shift.reshape([groups * n, maps * channels, 1]))
    .reshape([groups, n, maps, channels, height, width])
    .transpose([0, 2, 1, 3, 4, 5]);
}
