import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { badData } from "../../data/badData.ts";
import { integer, work } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import type { CodePart, TracedCodes } from "../generator.ts";
import { convolved } from "../layers/convolved.ts";
import { enlarged } from "../layers/spread.ts";
import type { Body, Step } from "./body.ts";
import { declareFamily } from "./family.ts";
import type { ForeignTensors } from "./foreignTensors.ts";
import { codeSize, nativeSize, sizeOption } from "./pictureSize.ts";
import { tellingShape } from "./sizes.ts";
import { type SlotTable, weighted } from "./slots.ts";

type Kind = "conv" | "plain" | "block";
/** A module with weights: its number among the modules, what it is, channels in and out. */
type Module = readonly [position: number, kind: Kind, inputs: number, outputs: number];

/** The modules of the encoder: every `plain` convolution halves the picture. */
const encoderModules = (width: number, latents: number): readonly Module[] => [
  [0, "conv", 3, width],
  [1, "block", width, width],
  ...[2, 6, 10].flatMap((at): Module[] => [
    [at, "plain", width, width],
    ...[1, 2, 3].map((k): Module => [at + k, "block", width, width]),
  ]),
  [14, "conv", width, latents],
];

/** Those of the decoder, counted with the bound on codes, number 0, and the rectifier and enlargements, which have no weights. */
const decoderModules = (width: number, latents: number): readonly Module[] => [
  [1, "conv", latents, width],
  ...[3, 8, 13].flatMap((at): Module[] => [
    ...[0, 1, 2].map((k): Module => [at + k, "block", width, width]),
    [at + 4, "plain", width, width],
  ]),
  [18, "block", width, width],
  [19, "conv", width, 3],
];

type Side = "encoder" | "decoder";
const layerOf = (side: Side, at: number, k?: number) => `${side}${at}${k === undefined ? "" : `conv${k}`}`;
/** Positions of the convolutions in a block. */
const inBlock = [0, 2, 4];

/** The name of a module in the layouts there are: the authors' own and that of diffusers, whose decoder counts one less. */
function namesOf(file: ForeignTensors | undefined): (side: Side, at: number) => string {
  if (file?.shape("decoder.layers.0.weight")) return (side, at) => `${side}.layers.${side === "decoder" ? at - 1 : at}`;
  return (side, at) => `${side}.${at}`;
}

function slots(side: Side, modules: readonly Module[], nameOf: (side: Side, at: number) => string): SlotTable {
  return Object.fromEntries(
    modules.flatMap(([at, kind, inputs, outputs]) => {
      const name = nameOf(side, at);
      if (kind !== "block")
        return [[layerOf(side, at), weighted(name, [outputs, inputs, 3, 3], kind === "conv")] as const];
      return inBlock.map(
        (k) => [layerOf(side, at, k), weighted(`${name}.conv.${k}`, [outputs, outputs, 3, 3])] as const,
      );
    }),
  );
}

const layersIn = (side: Side, modules: readonly Module[]): string[] =>
  modules.flatMap(([at, kind]) => (kind === "block" ? inBlock.map((k) => layerOf(side, at, k)) : [layerOf(side, at)]));

/** relu(x + three convolutions of x, rectifiers between). */
function block(params: TracedParams, side: Side, at: number, x: Traced): Traced {
  const own = inBlock.reduce((y, k, i) => {
    const next = convolved(y, params[layerOf(side, at, k)]!);
    return i < 2 ? nn.relu(next) : next;
  }, x.ref);
  return nn.relu(own.add(x));
}

function through(params: TracedParams, side: Side, modules: readonly Module[], x: Traced): Traced {
  return modules.reduce((y, [at, kind]) => {
    if (kind === "block") return block(params, side, at, y);
    const halves = side === "encoder" && kind === "plain";
    const enlarges = side === "decoder" && [7, 12, 17].includes(at);
    const z = convolved(
      enlarges ? enlarged(y) : y,
      params[layerOf(side, at)]!,
      halves ? { stride: 2, padding: [1, 1] } : {},
    );
    return side === "decoder" && at === 1 ? nn.relu(z) : z;
  }, x);
}

/**
 * TAESD (Boer Bohan 2023): the small autoencoder of Stable Diffusion's latents, residual blocks of three convolutions, 8 times smaller
 * either way. Pictures are 0 to 1; codes have the scale that diffusion is trained at. Codes of a class are drawn from a normal
 * distribution fitted to those of T.
 */
export const taesd = declareFamily("taesd", {
  title: "TAESD trained elsewhere",
  reference: "A.1.3",
  citation: work("O. Boer Bohan", 2023, "Tiny AutoEncoder for Stable Diffusion", "software"),
  formula: "reconstruction of pictures from the latents of a larger autoencoder, and a critic's word",
  options: {
    width: integer(64, 1, 4096, "channels of its maps"),
    latents: integer(4, 1, 256, "channels of a code"),
    size: sizeOption,
  },
  sizes(file) {
    const [width, latents] = tellingShape(
      file,
      "taesd",
      ...(file.shape("decoder.layers.0.weight") ? ["decoder.layers.0.weight"] : ["decoder.1.weight", "1.weight"]),
    ) as [number, number];
    if (!file.shape("encoder.0.weight") && !file.shape("encoder.layers.0.weight"))
      throw badData(
        "--family taesd",
        "the file has a decoder alone, and codes of the data are fitted by an encoder",
        'merge both files, names starting with "encoder." and "decoder."',
      );
    return { width, latents };
  },
  table({ width, latents }, file) {
    const nameOf = namesOf(file);
    return {
      ...slots("encoder", encoderModules(width, latents), nameOf),
      ...slots("decoder", decoderModules(width, latents), nameOf),
    };
  },
  body({ width, latents, size }, ground): Body {
    const side = nativeSize(size, ground, 8);
    const code = codeSize(side, 8);
    const modules = decoderModules(width, latents);
    // Layers of a code: the code, then what stands before each enlargement.
    const cuts = [
      0,
      modules.findIndex(([at]) => at === 7),
      modules.findIndex(([at]) => at === 12),
      modules.findIndex(([at]) => at === 17),
    ];
    const encoder = encoderModules(width, latents);
    return {
      pictures: { shape: [3, ...side], black: 0, white: 1 },
      conditional: false,
      facts: {
        injective: "not known: it is not built to be",
        surjective: "no: a code has fewer numbers than a picture",
      },
      layers: cuts.map((from, layer) => {
        const own = modules.slice(from, cuts[layer + 1] ?? modules.length);
        const by = layer === 0 ? 1 : 2 ** (layer - 1);
        const parts: Readonly<Record<string, CodePart>> =
          layer === 0
            ? { z: { shape: [latents, ...code], prior: "class-normal" } }
            : { features: { shape: [width, code[0] * by, code[1] * by], prior: "activations" } };
        const step: Step = {
          reads: layersIn("decoder", own),
          apply(params, codes): TracedCodes {
            const x = layer === 0 ? np.tanh(codes.z!.mul(1 / 3)).mul(3) : codes.features!;
            const y = through(params, "decoder", own, x);
            return layer === cuts.length - 1 ? { pictures: y } : { features: y };
          },
        };
        return { parts, step };
      }),
      encoder: {
        reads: layersIn("encoder", encoder),
        encode: (params, pictures) => through(params, "encoder", encoder, pictures),
      },
    };
  },
});
