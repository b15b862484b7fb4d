import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { arrayShape } from "../data/domain.ts";
import { denormalise } from "../data/normalise.ts";
import type { DatasetFacts } from "../data/reader.ts";
import { AttarError, choice, integer, size, tensor, work } from "../engine/index.ts";
import { form, tiled } from "./formation.ts";
import { initialiseImages } from "./initialise.ts";
import type { ChosenRule } from "./select.ts";
import { type DataSpace, declareSpace, groundOf } from "./space.ts";

/**
 * S as pixels, with or without multi-formation. `normalised`: pixels in the training normalisation, unbounded, as DC, DSA
 * and DM keep them. `unit`: pixels in 0..1, normalised when they are decoded, as IDC keeps them.
 */
export const pixels = declareSpace({
  title: "pixels",
  reference: "A.3, multi-formation",
  options: {
    factor: integer(1, 1, 16, "multi-formation: every stored image trains as factor² images", {
      changed: work(
        "J.-H. Kim, J. Kim, S. J. Oh, S. Yun, H. Song, J. Jeong, J.-W. Ha and H. O. Song",
        2022,
        "Dataset Condensation via Efficient Synthetic-Data Parameterization",
        "ICML",
      ),
    }),
    range: choice("normalised", ["normalised", "unit"], "range of stored pixels: the training normalisation, or 0..1"),
    tiles: choice("nearest", ["nearest", "bilinear"], "how real images are shrunk to tiles at the start"),
    clamp: choice(
      "never",
      ["never", "step", "network"],
      "when pixels are cut to 0..1: after a step or with a new network",
    ),
    most: integer(0, 0, undefined, "training images of a class that enter a step at most, drawn at random; 0 for all"),
  },
  storage: ({ factor }) =>
    factor === 1
      ? "ipc images of C x H x W floats per class; a network trains on them as they are"
      : `ipc images of C x H x W floats per class; a network trains on ${factor ** 2} images decoded from each`,
  extent(options, { name, domain, classes, whitened: zca }, ipc) {
    const { factor } = options;
    const unit = options.range === "unit";
    const [, height, width] = arrayShape(domain);
    if (factor > 1 && domain.kind !== "image")
      throw new AttarError(
        "bad-combination",
        `multi-formation by ${factor} cuts images into tiles, and ${name} holds none`,
        "--set synthetic.factor=1",
      );
    if (unit && zca) throw whitened();
    if (!unit && options.clamp !== "never")
      throw new AttarError(
        "bad-combination",
        "pixels in the training normalisation are not cut to 0..1",
        "--set synthetic.range=unit, or --set synthetic.clamp=never",
      );
    if (factor > Math.min(height, width))
      throw new AttarError(
        "bad-combination",
        `multi-formation by ${factor} needs images of at least ${factor}x${factor}, those of ${name} are ${height}x${width}`,
        `--set synthetic.factor=${Math.min(height, width)}`,
      );
    const each = ipc * factor * factor;
    return { imagesPerClass: each, startImages: each, storedFloats: classes.length * ipc * size(domain.shape) };
  },
  make(options, facts, ipc) {
    const extent = pixels.extent(options, groundOf(facts), ipc);
    const { factor, most } = options;
    const unit = options.range === "unit";
    const [channels, height, width] = facts.shape;
    const formation = { factor, height, width, padding: unit ? 0.5 : 0 };
    const count = facts.classes.length * ipc;
    const space: DataSpace = {
      ...extent,
      variables: { images: { perClass: true, rate: 1 } },
      most,
      plain: factor === 1 && !unit,
      async initial(how, key, reader, signal) {
        const images = await initialiseImages(
          reader,
          how.name === "noise" ? ipc : extent.startImages,
          how,
          key,
          signal,
        );
        const whole = unit ? toUnit(images, facts, how) : images;
        const data = how.name === "noise" ? whole : tiled(whole, channels, ipc, formation, options.tiles);
        return { images: tensor(data, [count, channels, height, width]) };
      },
      decode({ images }) {
        const formed = form(images!, formation);
        return unit ? normalised(formed, facts) : formed;
      },
      settle(variables, renewed) {
        if (options.clamp === "never" || (options.clamp === "network" && !renewed)) return variables;
        const { images } = variables;
        const cut = (images!.data as Float32Array).map((v) => Math.min(1, Math.max(0, v)));
        return { ...variables, images: tensor(cut, images!.shape) };
      },
    };
    return space;
  },
});

/** Noise is centred on middle grey, a quarter wide; images come out of the normalisation. */
function toUnit(images: Float32Array, facts: DatasetFacts, how: ChosenRule): Float32Array {
  if (how.name === "noise") return images.map((v) => Math.min(1, Math.max(0, v / 4 + 0.5)));
  return denormalise(images, facts.shape, facts.normalisation);
}

function normalised(images: Traced, { normalisation: { mean: own, std: spread, range } }: DatasetFacts): Traced {
  const perChannel = (values: readonly number[]) => np.array([...values], { shape: [1, 1, values.length, 1, 1] });
  // From black at 0 and white at 1 to the units of mean and deviation.
  const width = (c: number) => (range ? range.high[c]! - range.low[c]! : 1) || 1;
  const mean = own.map((m, c) => (range ? (m - range.low[c]!) / width(c) : m));
  const std = spread.map((s, c) => s / width(c));
  return images.sub(perChannel(mean)).mul(perChannel(std.map((s) => 1 / s)));
}

const whitened = () =>
  new AttarError(
    "bad-combination",
    "pixels in 0..1 are normalised per channel, and this data set is whitened as well",
    "--set synthetic.range=normalised, or load the data set without whitening",
  );
