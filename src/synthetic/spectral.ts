import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { arrayShape } from "../data/domain.ts";
import type { RealReader } from "../data/reader.ts";
import { AttarError, integer, number, type RandomKey, size, type Tensor, tensor, work } from "../engine/index.ts";
import { enlargement } from "./formation.ts";
import { initialiseImages } from "./initialise.ts";
import type { ChosenRule } from "./select.ts";
import { type DataSpace, declareSpace, groundOf } from "./space.ts";

/**
 * Spectral decomposition (Yang et al. 2024; A.1.5): S as small spectrum tensors of each class and separable kernels that all
 * classes share. Every spectrum through every kernel is an image, X = Σ_c′ M_cc′ A T_c′ Bᵀ with A and B acting on rows and
 * columns and M on channels, so that s spectra and k kernels train as s k images. Kernels start near bilinear enlargement.
 */
export const spectral = declareSpace({
  title: "spectrum tensors and separable kernels",
  domains: ["image"],
  reference: "A.1.5, tensor decomposition",
  citation: work(
    "S. Yang, S. Cheng, M. Hong, H. Fan, X. Wei and S. Liu",
    2024,
    "Neural Spectral Decomposition for Dataset Distillation",
    "ECCV",
  ),
  options: {
    kernels: integer(4, 1, 64, "kernels, shared by all classes"),
    rank: number(0.5, 0.05, 1, "sides of a spectrum tensor, as a share of an image's"),
    spectra: integer(0, 0, undefined, "spectrum tensors of a class; 0 for as many as ipc images of floats hold"),
    spread: number(0.1, 0, undefined, "standard deviation of a kernel's entries around enlargement at the start"),
    kernelRate: number(0.1, 0, undefined, "factor on the learning rate of the kernels"),
  },
  storage: ({ kernels, spectra }) =>
    `${spectra || "as many"} spectrum tensors per class${spectra ? "" : " as ipc images of C x H x W floats hold"} and ${kernels} separable kernels; a network trains on every spectrum through every kernel`,
  extent(options, { domain, classes: names }, ipc) {
    const { kernels, rank } = options;
    const [channels, height, width] = arrayShape(domain);
    const classes = names.length;
    const [h, w] = [Math.ceil(rank * height), Math.ceil(rank * width)];
    const spectrum = channels * h * w;
    const shared = kernels * (height * h + width * w + (channels > 1 ? channels * channels : 0));
    const room = classes * ipc * size(domain.shape);
    const spectra = options.spectra || Math.floor((room - shared) / (classes * spectrum));
    if (spectra < 1)
      throw new AttarError(
        "bad-combination",
        `${kernels} kernels leave no room for a spectrum tensor in the floats of ${ipc} images per class`,
        "--set synthetic.kernels=1, a smaller --set synthetic.rank, or --set synthetic.spectra=1 to store more",
      );
    return {
      imagesPerClass: spectra * kernels,
      startImages: spectra,
      storedFloats: classes * spectra * spectrum + shared,
    };
  },
  make(options, facts, ipc) {
    const { kernels, rank, spread, kernelRate } = options;
    const extent = spectral.extent(options, groundOf(facts), ipc);
    const spectra = extent.startImages;
    const [channels, height, width] = facts.shape;
    const [h, w] = [Math.ceil(rank * height), Math.ceil(rank * width)];
    const space: DataSpace = {
      ...extent,
      variables: {
        spectra: { perClass: true, rate: 1 },
        rows: { perClass: false, rate: kernelRate },
        columns: { perClass: false, rate: kernelRate },
        ...(channels > 1 && { channels: { perClass: false, rate: kernelRate } }),
      },
      most: 0,
      plain: false,
      initial: async (how, key, reader, signal) => ({
        spectra: await initialSpectra(reader, spectra, how, key, [h, w], signal),
        rows: nearby(enlargement(h, height), kernels, [h, height], spread, key.fold("rows")),
        columns: nearby(enlargement(w, width), kernels, [w, width], spread, key.fold("columns")),
        ...(channels > 1 && {
          channels: nearby(identity(channels), kernels, [channels, channels], spread, key.fold("channels")),
        }),
      }),
      decode: ({ spectra: own, rows, columns, channels: mixing }) => expanded(own!, rows!, columns!, mixing),
      settle: (variables) => variables,
    };
    return space;
  },
});

/**
 * Spectra [G, s, C, h, w] through kernels: rows [k, h, H], columns [k, w, W], mixing [k, C, C] → [G, s k, C, H, W].
 */
function expanded(spectra: Traced, rows: Traced, columns: Traced, mixing: Traced | undefined): Traced {
  const [groups, s, channels, h, w] = spectra.shape as [number, number, number, number, number];
  const [k, , width] = columns.shape as [number, number, number];
  const height = rows.shape[2]!;
  const planes = groups * s * channels;
  const wide = np
    .matmul(spectra.reshape([planes * h, w]), columns.transpose([1, 0, 2]).reshape([w, k * width]))
    .reshape([planes, h, k, width])
    .transpose([2, 1, 0, 3])
    .reshape([k, h, planes * width]);
  const whole = np.matmul(rows.transpose([0, 2, 1]), wide).reshape([k, height, groups * s, channels, width]);
  const mixed = mixing
    ? np
        .matmul(mixing, whole.transpose([0, 3, 1, 2, 4]).reshape([k, channels, height * groups * s * width]))
        .reshape([k, channels, height, groups * s, width])
        .transpose([3, 0, 1, 2, 4])
    : whole.transpose([2, 0, 3, 1, 4]);
  return mixed.reshape([groups, s * k, channels, height, width]);
}

/** Images shrunk to spectra by averages over their cells, which enlargement all but undoes; noise as it is. */
async function initialSpectra(
  reader: RealReader,
  spectra: number,
  how: ChosenRule,
  key: RandomKey,
  [h, w]: readonly [number, number],
  signal?: AbortSignal,
): Promise<Tensor> {
  const [channels, height, width] = reader.facts.shape;
  const shape = [reader.facts.classes.length * spectra, channels, h, w];
  if (how.name === "noise") return tensor(key.normal(size(shape)), shape);
  const images = await initialiseImages(reader, spectra, how, key, signal);
  const [down, across] = [shrinking(height, h), shrinking(width, w)];
  const out = new Float32Array(size(shape));
  for (let plane = 0; plane < shape[0]! * channels; plane++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) {
        let sum = 0;
        for (const [y, a] of down[i]!)
          for (const [x, b] of across[j]!) sum += a * b * images[(plane * height + y) * width + x]!;
        out[(plane * h + i) * w + j] = sum;
      }
  return tensor(out, shape);
}

/** The pixels, of `from`, that make each of `to` cells, each with its share of the cell. */
function shrinking(from: number, to: number): [pixel: number, share: number][][] {
  const cell = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [begin, end] = [i * cell, (i + 1) * cell];
    const parts: [number, number][] = [];
    for (let p = Math.floor(begin); p < Math.min(from, Math.ceil(end)); p++) {
      const share = (Math.min(end, p + 1) - Math.max(begin, p)) / cell;
      if (share > 1e-9) parts.push([p, share]);
    }
    return parts;
  });
}

/** `count` matrices near one, [count, …shape]. */
function nearby(
  matrix: Float32Array,
  count: number,
  shape: readonly [number, number],
  spread: number,
  key: RandomKey,
): Tensor {
  const noise = key.normal(count * matrix.length);
  return tensor(
    noise.map((v, i) => matrix[i % matrix.length]! + spread * v),
    [count, ...shape],
  );
}

const identity = (n: number) => Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
