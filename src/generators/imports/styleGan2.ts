import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { badData } from "../../data/badData.ts";
import { choice, integer, number, work } from "../../engine/index.ts";
import { oneHot } from "../../hypotheses/index.ts";
import { leaky } from "../bodies/leaky.ts";
import type { TracedCodes } from "../generator.ts";
import { connected, perChannel } from "../layers/convolved.ts";
import { firUp } from "../style/fir.ts";
import { modulated } from "../style/modulated.ts";
import { type Body, drawNormal, type Step } from "./body.ts";
import { declareFamily } from "./family.ts";
import type { ForeignTensors } from "./foreignTensors.ts";
import { countLayers, labelsOption, listOf, nativeClasses, numbersOfList, tellingShape } from "./sizes.ts";
import { copied, flippedKernel, reshaped, type Slot, type SlotTable, times } from "./slots.ts";

/** The low-pass filter of all its models, [1, 3, 3, 1] / 8. */
const filter = [0.125, 0.375, 0.375, 0.125];

/** The gain after a leaky rectifier. */
const gain = Math.SQRT2;

/** The rate of the mapping, which its weights are stored divided by. */
const mappingRate = 0.01;

const small = 1e-8;

const rectified = (x: Traced): Traced => leaky(x).mul(gain);

/** x over the root of its mean square: [n, d]. */
const normalised = (x: Traced): Traced =>
  x.ref.mul(np.reciprocal(np.sqrt(np.mean(np.square(x), 1, { keepdims: true }).add(small))));

const sideOf = (block: number) => 4 * 2 ** block;
const blockName = (block: number) => `synthesis.b${sideOf(block)}`;

/** Layers of a block's convolutions: the first block has no doubling one. */
const convolutions = (block: number) => (block === 0 ? (["conv1"] as const) : (["conv0", "conv1"] as const));

interface Sizes {
  readonly z: number;
  readonly w: number;
  readonly mapping: number;
  readonly channels: string;
  readonly colours: number;
  readonly classes: number;
  readonly noise: "none" | "const";
}

function mappingSlots({ z, w, mapping, classes }: Sizes): SlotTable {
  const layer = (name: string, out: number, input: number, rate: number) => ({
    weight: times(copied(`${name}.weight`, [out, input]), rate / Math.sqrt(input)),
    bias: times(copied(`${name}.bias`, [out]), rate),
  });
  return {
    ...(classes > 0 && { "mapping/embed": layer("mapping.embed", w, classes, 1) }),
    ...Object.fromEntries(
      Array.from({ length: mapping }, (_, i) => {
        const input = i === 0 ? z + (classes > 0 ? w : 0) : w;
        return [`mapping/fc${i}`, layer(`mapping.fc${i}`, w, input, mappingRate)];
      }),
    ),
    "mapping/mean": { w: copied("mapping.w_avg", [w]) },
  };
}

function synthesisSlots({ w, channels, colours, noise }: Sizes): SlotTable {
  const widths = numbersOfList(channels);
  const affine = (name: string, inputs: number, by = 1) => ({
    affineWeight: times(copied(`${name}.affine.weight`, [inputs, w]), by / Math.sqrt(w)),
    affineBias: times(copied(`${name}.affine.bias`, [inputs]), by),
  });
  return Object.fromEntries(
    widths.flatMap((out, block): [string, SlotTable[string]][] => {
      const name = blockName(block);
      const side = sideOf(block);
      const layers = convolutions(block).map((layer): [string, SlotTable[string]] => {
        const own = `${name}.${layer}`;
        const inputs = layer === "conv0" ? widths[block - 1]! : out;
        const kernel = layer === "conv0" ? flippedKernel : (at: string, shape: readonly number[]) => copied(at, shape);
        const fixed: Slot = {
          shape: [side, side],
          from: [
            { name: `${own}.noise_const`, shape: [side, side] },
            { name: `${own}.noise_strength`, shape: [] },
          ],
          made: ([values, strength]) => values!.map((v) => v * strength![0]!),
        };
        const slots = {
          ...affine(own, inputs),
          weight: kernel(`${own}.weight`, [out, inputs, 3, 3]),
          bias: copied(`${own}.bias`, [out]),
          ...(noise === "const" && { noise: fixed }),
        };
        return [`block${block}/${layer}`, slots];
      });
      const rgb = `${name}.torgb`;
      return [
        ...(block === 0
          ? [["start", { map: copied(`${name}.const`, [out, 4, 4]) }] as [string, SlotTable[string]]]
          : []),
        ...layers,
        [
          `block${block}/torgb`,
          {
            ...affine(rgb, out, 1 / Math.sqrt(out)),
            weight: reshaped(`${rgb}.weight`, [colours, out, 1, 1], [colours, out, 1, 1]),
            bias: copied(`${rgb}.bias`, [colours]),
          },
        ],
      ];
    }),
  );
}

/**
 * StyleGAN2 as its adaptive-augmentation code stores it (Karras et al. 2020): a mapping to w, a constant, blocks of modulated convolutions
 * with the picture as a sum of what all blocks say of it. Layer 1 of a code is w, one a convolution; deeper ones are the maps, the picture
 * so far and w: F_n of GLaD. Noise is the stored one or none.
 */
export const styleGan2 = declareFamily("stylegan2", {
  title: "StyleGAN2 trained elsewhere",
  reference: "A.1.2",
  citation: work(
    "T. Karras, M. Aittala, J. Hellsten, S. Laine, J. Lehtinen and T. Aila",
    2020,
    "Training Generative Adversarial Networks with Limited Data",
    "NeurIPS",
  ),
  formula: "min_G max_D of the logistic loss with a penalty on the gradient at real samples",
  options: {
    z: integer(512, 1, 65536, "numbers of a code"),
    w: integer(512, 1, 65536, "numbers of a style"),
    mapping: integer(8, 1, 64, "layers of the mapping"),
    channels: listOf("512-512-512-512-256-128-64", "channels of each block, the 4x4 one first"),
    colours: integer(3, 1, 3, "channels of its pictures"),
    classes: integer(0, 0, 65536, "classes that it is given; 0 for none"),
    labels: labelsOption,
    truncation: number(1, 0, 2, "ψ: styles are brought towards their mean by 1 − ψ"),
    noise: choice("const", ["const", "none"], "noise of its layers: the stored one, or none"),
  },
  ignored: /(?:resample_filter|noise_const|noise_strength|num_batches_tracked)$/,
  sizes(file) {
    checkFilters(file);
    const widths: number[] = [];
    for (let block = 0; file.shape(`${blockName(block)}.conv1.weight`); block++)
      widths.push(file.shape(`${blockName(block)}.conv1.weight`)![0]!);
    const [colours, , ..._] = tellingShape(file, "stylegan2", "synthesis.b4.torgb.weight") as [number];
    const [w, input] = tellingShape(file, "stylegan2", "mapping.fc0.weight") as [number, number];
    const classes = file.shape("mapping.embed.weight")?.[1] ?? 0;
    return {
      z: input - (classes > 0 ? w : 0),
      w,
      mapping: countLayers(file, (i) => `mapping.fc${i}.weight`),
      channels: widths.join("-"),
      colours,
      classes,
      noise: file.shape("synthesis.b4.conv1.noise_const") ? "const" : "none",
    };
  },
  table: (options) => ({ ...mappingSlots(options), ...synthesisSlots(options) }),
  body(options): Body {
    const { z, w, mapping, classes, labels, truncation, noise, colours } = options;
    const widths = numbersOfList(options.channels);
    const count = 2 * widths.length;
    const mappingLayers = Array.from({ length: mapping }, (_, i) => `mapping/fc${i}`);
    const map: Step = {
      reads: [...(classes > 0 ? ["mapping/embed"] : []), ...mappingLayers, "mapping/mean"],
      apply(params, codes) {
        const known = normalised(codes.z!);
        const start =
          classes > 0
            ? np.concatenate([known, normalised(connected(codes.class!, params["mapping/embed"]!))], 1)
            : known;
        const own = mappingLayers.reduce((x, layer) => rectified(connected(x, params[layer]!)), start);
        const mean = params["mapping/mean"]!.w!.reshape([1, w]);
        const brought = mean.ref.add(own.sub(mean).mul(truncation));
        return { ws: np.broadcastTo(brought.reshape([-1, 1, w]), [brought.shape[0]!, count, w]) };
      },
    };
    type Layer = { [name: string]: Traced };
    const style = (ws: Traced, at: number, { affineWeight, affineBias }: Layer) =>
      connected(ws.slice([], at), { weight: affineWeight!, bias: affineBias! });
    const layerOf = (x: Traced, ws: Traced, at: number, own: Layer, double: boolean): Traced => {
      const y = modulated(x, own.weight!, style(ws, at, own), { demodulate: true, up: double });
      const side = y.shape[2]!;
      const noisy = noise === "const" ? y.add(own.noise!.reshape([1, 1, side, side])) : y;
      return rectified(noisy.add(perChannel(own.bias!)));
    };
    /** Blocks read w from 2 · block − 1 on; what a block says of the picture shares the first w of the next. */
    const block = (number: number): Step => ({
      reads: [
        ...(number === 0 ? ["start"] : []),
        ...convolutions(number).map((layer) => `block${number}/${layer}`),
        `block${number}/torgb`,
      ],
      apply(params, { ws, features, picture }): TracedCodes {
        const n = ws!.shape[0]!;
        const first = Math.max(0, 2 * number - 1);
        const start =
          number === 0
            ? np.broadcastTo(params.start!.map!.reshape([1, widths[0]!, 4, 4]), [n, widths[0]!, 4, 4])
            : features!;
        const x = convolutions(number).reduce(
          (y, layer, k) => layerOf(y, ws!.ref, first + k, params[`block${number}/${layer}`]!, layer === "conv0"),
          start,
        );
        const rgb = params[`block${number}/torgb`]!;
        const styles = style(ws!.ref, first + convolutions(number).length, rgb);
        const said = modulated(x.ref, rgb.weight!, styles, { demodulate: false, up: false }).add(perChannel(rgb.bias!));
        const sum = picture ? firUp(picture).add(said) : said;
        if (number < widths.length - 1) return { ws: ws!, features: x, picture: sum };
        for (const unused of [ws!, x]) unused.dispose();
        return { pictures: sum };
      },
    });
    const maps = (number: number) => ({
      features: { shape: [widths[number]!, sideOf(number), sideOf(number)], prior: "activations" as const },
      picture: { shape: [colours, sideOf(number), sideOf(number)], prior: "activations" as const },
    });
    const ws = { ws: { shape: [count, w], prior: "activations" as const } };
    const side = sideOf(widths.length - 1);
    return {
      pictures: { shape: [colours, side, side], black: -1, white: 1 },
      conditional: classes > 0,
      facts: {
        injective: "no: a code and its multiples make the same sample",
        surjective: "not known: it is not built to be",
      },
      draw: (own, key) => ({
        z: drawNormal(own.length, [z], key),
        ...(classes > 0 && { class: oneHot(nativeClasses(labels, own, classes), classes) }),
      }),
      layers: [
        {
          parts: {
            z: { shape: [z], prior: "normal" },
            ...(classes > 0 && { class: { shape: [classes], prior: "one-hot" as const } }),
          },
          step: map,
        },
        ...widths.map((_, number) => ({
          parts: number === 0 ? ws : { ...ws, ...maps(number - 1) },
          step: block(number),
        })),
      ],
    };
  },
});

/** @throws AttarError "bad-data" where a model has another low-pass filter */
function checkFilters(file: ForeignTensors): void {
  for (const name of file.names.filter((one) => one.endsWith("resample_filter"))) {
    const shape = file.shape(name)!;
    const found = shape.join() === "4,4" ? file.take({ name, shape }) : undefined;
    const same = found?.every((v, k) => Math.abs(v - filter[k >> 2]! * filter[k & 3]!) < 1e-5);
    if (!same)
      throw badData(
        "--family stylegan2",
        `"${name}" is not the filter [1, 3, 3, 1] that models of this family have`,
        "import another model",
      );
  }
}
