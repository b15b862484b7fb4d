import { nn, numpy as np } from "@jax-js/jax";
import { integer, work } from "../../engine/index.ts";
import type { CodePart, TracedCodes } from "../generator.ts";
import { rescaled } from "../layers/activations.ts";
import { spread } from "../layers/spread.ts";
import { type Body, drawNormal } from "./body.ts";
import { declareFamily } from "./family.ts";
import { countLayers, listOf, numbersOfList, tellingShape } from "./sizes.ts";
import { foldedNorm, reshaped, type Slot, type SlotTable, transposedKernel } from "./slots.ts";

/** PyTorch's ε of batch normalisation. */
const epsilon = 1e-5;

const layerName = (i: number) => `block${i}`;

/** Position of the i-th transposed convolution among the modules of `main`: normalisation and activation come after each. */
const moduleOf = (i: number) => `main.${3 * i}`;

/**
 * DCGAN (Radford et al. 2016) as PyTorch's example builds it: transposed convolutions 4x4 without bias, the first from a code of one pixel
 * to 4x4, the others doubling, batch normalisation under running moments and rectifiers between, tanh.
 */
export const dcgan = declareFamily("dcgan", {
  title: "DCGAN trained elsewhere",
  reference: "A.1.2",
  citation: work(
    "A. Radford, L. Metz and S. Chintala",
    2016,
    "Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks",
    "ICLR",
  ),
  formula: "min_G max_D E log D(x) + E log(1 − D(G(z)))",
  options: {
    z: integer(100, 1, 65536, "numbers of a code"),
    channels: listOf("512-256-128-64", "channels of the maps, the first 4x4, each twice the size of the one before"),
    colours: integer(3, 1, 3, "channels of its pictures"),
  },
  ignored: /\.num_batches_tracked$/,
  sizes(file) {
    const [z] = tellingShape(file, "dcgan", "main.0.weight") as [number];
    const count = countLayers(file, (i) => `${moduleOf(i)}.weight`);
    const outputs = Array.from({ length: count }, (_, i) => file.shape(`${moduleOf(i)}.weight`)![1] ?? 1);
    return { z, channels: outputs.slice(0, -1).join("-"), colours: outputs.at(-1)! };
  },
  table({ z, channels, colours }) {
    const sizes = [z, ...numbersOfList(channels), colours];
    return Object.fromEntries(
      sizes.slice(1).map((out, i): [string, SlotTable[string]] => {
        const input = sizes[i]!;
        const name = `${moduleOf(i)}.weight`;
        // A code of one pixel meets every tap once: its layer is a matrix.
        const weight: Slot =
          i === 0 ? reshaped(name, [input, out, 4, 4], [input, out * 16]) : transposedKernel(name, [input, out, 4]);
        if (i === sizes.length - 2) return [layerName(i), { weight }];
        const norm = `main.${3 * i + 1}`;
        const moment = (own: string) => ({ name: `${norm}.${own}`, shape: [out] });
        const names = {
          mean: moment("running_mean"),
          variance: moment("running_var"),
          weight: `${norm}.weight`,
          bias: `${norm}.bias`,
        };
        return [layerName(i), { weight, ...foldedNorm(names, out, epsilon) }];
      }),
    );
  },
  body({ z, channels, colours }): Body {
    const widths = numbersOfList(channels);
    const side = (layer: number) => 4 * 2 ** (layer - 1);
    const partsOf = (layer: number): Readonly<Record<string, CodePart>> =>
      layer === 0
        ? { z: { shape: [z], prior: "normal" } }
        : { features: { shape: [widths[layer - 1]!, side(layer), side(layer)], prior: "activations" } };
    return {
      pictures: { shape: [colours, side(widths.length + 1), side(widths.length + 1)], black: -1, white: 1 },
      conditional: false,
      facts: {
        injective: "not known: it is not built to be",
        surjective: "no: samples have as many dimensions as a code at most",
      },
      draw: (labels, key) => ({ z: drawNormal(labels.length, [z], key) }),
      layers: [0, ...widths].map((_, layer) => ({
        parts: partsOf(layer),
        step: {
          reads: [layerName(layer)],
          apply(params, codes): TracedCodes {
            const { weight, ...norm } = params[layerName(layer)]!;
            const out = widths[layer] ?? colours;
            const y =
              layer === 0
                ? np.matmul(codes.z!, weight!).reshape([-1, out, 4, 4])
                : spread(codes.features!, weight!, 2, 1);
            return layer === widths.length ? { pictures: np.tanh(y) } : { features: nn.relu(rescaled(y, norm)) };
          },
        },
      })),
    };
  },
});
