import type { Array as Traced } from "@jax-js/jax";
import { flag, integer, number, work } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { groupNormalised } from "../../hypotheses/layers/groupNormalised.ts";
import type { CodePart, TracedCodes } from "../generator.ts";
import { silu } from "../layers/activations.ts";
import { attended, columns } from "../layers/attended.ts";
import { convolved } from "../layers/convolved.ts";
import { enlarged } from "../layers/spread.ts";
import { nearestEntries, straightThrough } from "../quantise.ts";
import type { Body, Step } from "./body.ts";
import { declareFamily, type ForeignConfig } from "./family.ts";
import { compVisNames, diffusersNames, type LayerNames } from "./firstStageNames.ts";
import type { ForeignTensors } from "./foreignTensors.ts";
import { codeSize, nativeSize, sizeOption } from "./pictureSize.ts";
import { countLayers, listOf, numbersOfList, tellingShape } from "./sizes.ts";
import { copied, reshaped, type SlotTable, weighted } from "./slots.ts";

const epsilon = 1e-6;

interface Sizes {
  readonly channels: string;
  readonly blocks: number;
  readonly latents: number;
  readonly codes: number;
  readonly entries: number;
  readonly pointwise: boolean;
}

/** A residual block by the name of its layers, with channels in and out. */
interface Block {
  readonly at: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** The blocks of a level and, where it has one, the layer that changes the size after them. */
interface Level {
  readonly blocks: readonly Block[];
  readonly resize?: string;
  readonly outputs: number;
}

function levelsOf(channels: readonly number[], blocks: number, side: "encoder" | "decoder"): Level[] {
  const down = side === "encoder";
  const order = channels.map((_, i) => (down ? i : channels.length - 1 - i));
  let inputs = down ? channels[0]! : channels.at(-1)!;
  return order.map((i, place) => {
    const outputs = channels[i]!;
    const own = Array.from({ length: down ? blocks : blocks + 1 }, (_, j): Block => {
      const made = { at: `${side}/${down ? "down" : "up"}${i}/block${j}`, inputs, outputs };
      inputs = outputs;
      return made;
    });
    const last = place === order.length - 1;
    return { blocks: own, outputs, ...(!last && { resize: `${side}/${down ? "down" : "up"}${i}/resize` }) };
  });
}

const middleOf = (side: string, width: number) => ({
  before: { at: `${side}/middle/block1`, inputs: width, outputs: width },
  attention: `${side}/middle/attention`,
  after: { at: `${side}/middle/block2`, inputs: width, outputs: width },
});

const projections = ["q", "k", "v", "out"] as const;

/** The layers of parameters of a residual block. */
const blockLayers = ({ at, inputs, outputs }: Block): string[] => [
  ...["norm1", "conv1", "norm2", "conv2"].map((own) => `${at}/${own}`),
  ...(inputs === outputs ? [] : [`${at}/shortcut`]),
];
const attentionLayers = (at: string): string[] => ["norm", ...projections].map((own) => `${at}/${own}`);

function blockSlots(block: Block, names: LayerNames): SlotTable {
  const { at, inputs, outputs } = block;
  const name = (own: string) => names.layer(`${at}/${own}`);
  return {
    [`${at}/norm1`]: weighted(name("norm1"), [inputs]),
    [`${at}/conv1`]: weighted(name("conv1"), [outputs, inputs, 3, 3]),
    [`${at}/norm2`]: weighted(name("norm2"), [outputs]),
    [`${at}/conv2`]: weighted(name("conv2"), [outputs, outputs, 3, 3]),
    ...(inputs !== outputs && { [`${at}/shortcut`]: weighted(name("shortcut"), [outputs, inputs, 1, 1]) }),
  };
}

function attentionSlots(at: string, width: number, names: LayerNames): SlotTable {
  const kernel = [width, width, 1, 1];
  return {
    [`${at}/norm`]: weighted(names.layer(`${at}/norm`), [width]),
    ...Object.fromEntries(
      projections.map((own) => {
        const name = names.layer(`${at}/${own}`);
        const weight = reshaped(`${name}.weight`, names.linear ? [width, width] : kernel, kernel);
        return [`${at}/${own}`, { weight, bias: copied(`${name}.bias`, [width]) }];
      }),
    ),
  };
}

function sideSlots(side: "encoder" | "decoder", sizes: Sizes, names: LayerNames): SlotTable {
  const channels = numbersOfList(sizes.channels);
  const [bottom, top] = [channels[0]!, channels.at(-1)!];
  const levels = levelsOf(channels, sizes.blocks, side);
  const middle = middleOf(side, top);
  const down = side === "encoder";
  const [first, last] = down
    ? [
        [bottom, 3],
        [sizes.entries > 0 ? sizes.latents : 2 * sizes.latents, top],
      ]
    : [
        [top, sizes.latents],
        [3, bottom],
      ];
  const layer = (own: string, shape: readonly number[]) => ({
    [`${side}/${own}`]: weighted(names.layer(`${side}/${own}`), shape),
  });
  return {
    ...layer("in", [...first, 3, 3]),
    ...Object.assign(
      {},
      ...levels.flatMap(({ blocks, resize, outputs }) => [
        ...blocks.map((block) => blockSlots(block, names)),
        resize === undefined ? {} : { [resize]: weighted(names.layer(resize), [outputs, outputs, 3, 3]) },
      ]),
    ),
    ...blockSlots(middle.before, names),
    ...attentionSlots(middle.attention, top, names),
    ...blockSlots(middle.after, names),
    ...layer("norm", [last[1]!]),
    ...layer("out", [...last, 3, 3]),
  };
}

/**
 * The first stage of latent diffusion (Rombach et al. 2022): residual blocks with group normalisation and SiLU, attention at the smallest
 * maps, half the size a level. With a divergence the code is the mean of q(z | x); with a codebook (`entries`) it is quantised when decoded.
 * Codes are times `scale` after `shift`, as the diffusion sees them.
 */
export const autoencoderKl = declareFamily("sd-vae", {
  title: "first stage of latent diffusion, trained elsewhere",
  reference: "A.1.3",
  citation: work(
    "R. Rombach, A. Blattmann, D. Lorenz, P. Esser and B. Ommer",
    2022,
    "High-Resolution Image Synthesis with Latent Diffusion Models",
    "CVPR",
  ),
  formula: "reconstruction (LPIPS and a patch critic) + a small KL(q(z|x) ‖ N(0, I)), or a codebook",
  options: {
    channels: listOf("128-256-512-512", "channels of each level, the largest maps first"),
    blocks: integer(2, 1, 16, "residual blocks of a level of the encoder; the decoder has one more"),
    latents: integer(4, 1, 256, "channels between encoder and decoder"),
    codes: integer(4, 1, 256, "channels of a code"),
    entries: integer(0, 0, 1048576, "entries of the codebook; 0 for none"),
    pointwise: flag(true, "convolutions of one pixel on either side of a code"),
    groups: integer(32, 1, 1024, "groups of channels that are normalised together"),
    scale: number(0.18215, 1e-6, undefined, "factor on a code"),
    shift: number(0, -1e6, 1e6, "taken off a code before"),
    size: sizeOption,
  },
  part: "first_stage_model.",
  ignored: /^loss\.|^quantize\.embed_|\.num_batches_tracked$|^model_ema\./,
  sizes: (file, config) => sizesOf(file, config),
  table(options, file) {
    const names = file?.shape("decoder.conv_norm_out.weight") ? diffusersNames(options, file) : compVisNames(options);
    const { latents, codes, entries, pointwise } = options;
    const spread = entries > 0 ? 1 : 2;
    return {
      ...sideSlots("encoder", options, names),
      ...(pointwise && {
        quant: weighted("quant_conv", [spread * codes, spread * latents, 1, 1]),
        post: weighted("post_quant_conv", [latents, codes, 1, 1]),
      }),
      ...(entries > 0 && { codebook: { entries: copied("quantize.embedding.weight", [entries, codes]) } }),
      ...sideSlots("decoder", options, names),
    };
  },
  body(options, ground): Body {
    const { blocks, groups, scale, shift, entries, pointwise, codes } = options;
    const channels = numbersOfList(options.channels);
    const factor = 2 ** (channels.length - 1);
    const side = nativeSize(options.size, ground, factor);
    const code = codeSize(side, factor);
    const norm = (params: TracedParams, at: string, x: Traced) => groupNormalised(x, params[at]!, groups, epsilon);
    const residual = (params: TracedParams, { at, inputs, outputs }: Block, x: Traced): Traced => {
      const one = convolved(silu(norm(params, `${at}/norm1`, x.ref)), params[`${at}/conv1`]!);
      const two = convolved(silu(norm(params, `${at}/norm2`, one)), params[`${at}/conv2`]!);
      return two.add(inputs === outputs ? x : convolved(x, params[`${at}/shortcut`]!));
    };
    const attention = (params: TracedParams, at: string, x: Traced): Traced => {
      const y = norm(params, `${at}/norm`, x.ref);
      const [q, k, v] = (["q", "k", "v"] as const).map((own) => columns(convolved(y.ref, params[`${at}/${own}`]!)));
      y.dispose();
      const found = attended(q!, k!, v!, 1 / Math.sqrt(x.shape[1]!)).reshape(x.shape);
      return convolved(found, params[`${at}/out`]!).add(x);
    };
    const middle = (params: TracedParams, at: "encoder" | "decoder", x: Traced): Traced => {
      const { before, attention: own, after } = middleOf(at, channels.at(-1)!);
      return residual(params, after, attention(params, own, residual(params, before, x)));
    };
    const middleLayers = (at: string): string[] => {
      const { before, attention: own, after } = middleOf(at, channels.at(-1)!);
      return [...blockLayers(before), ...attentionLayers(own), ...blockLayers(after)];
    };
    const levelLayers = ({ blocks: own, resize }: Level) => [...own.flatMap(blockLayers), ...(resize ? [resize] : [])];
    const finish = (params: TracedParams, at: "encoder" | "decoder", x: Traced): Traced =>
      convolved(silu(norm(params, `${at}/norm`, x)), params[`${at}/out`]!);
    const encoderLevels = levelsOf(channels, blocks, "encoder");
    const decoderLevels = levelsOf(channels, blocks, "decoder");
    const first: Step = {
      reads: [
        ...(entries > 0 ? ["codebook"] : []),
        ...(pointwise ? ["post"] : []),
        "decoder/in",
        ...middleLayers("decoder"),
      ],
      apply(params, { z }) {
        const plain = z!.mul(1 / scale).add(shift);
        const own = entries > 0 ? quantised(plain, params.codebook!.entries!) : plain;
        const x = pointwise ? convolved(own, params.post!) : own;
        return { features: middle(params, "decoder", convolved(x, params["decoder/in"]!)) };
      },
    };
    const layerParts = (place: number): Readonly<Record<string, CodePart>> => {
      if (place === 0) return { z: { shape: [codes, ...code], prior: "class-normal" } };
      const width = place === 1 ? channels.at(-1)! : decoderLevels[place - 2]!.outputs;
      const by = 2 ** (place - 1);
      return { features: { shape: [width, code[0] * by, code[1] * by], prior: "activations" } };
    };
    return {
      pictures: { shape: [3, ...side], black: -1, white: 1 },
      conditional: false,
      facts: {
        injective:
          entries > 0
            ? "no: codes that choose the same entries make the same sample"
            : "not known: it is not built to be",
        surjective: "no: a code has fewer numbers than a picture",
      },
      layers: [
        { parts: layerParts(0), step: first },
        ...decoderLevels.map((level, place) => ({
          parts: layerParts(place + 1),
          step: {
            reads: [...levelLayers(level), ...(level.resize ? [] : ["decoder/norm", "decoder/out"])],
            apply(params: TracedParams, { features }: TracedCodes): TracedCodes {
              const x = level.blocks.reduce((y, block) => residual(params, block, y), features!);
              if (level.resize) return { features: convolved(enlarged(x), params[level.resize]!) };
              return { pictures: finish(params, "decoder", x) };
            },
          },
        })),
      ],
      encoder: {
        reads: [
          "encoder/in",
          ...encoderLevels.flatMap(levelLayers),
          ...middleLayers("encoder"),
          "encoder/norm",
          "encoder/out",
          ...(pointwise ? ["quant"] : []),
        ],
        encode(params, pictures) {
          const inside = encoderLevels.reduce(
            (x, { blocks: own, resize }) => {
              const y = own.reduce((z, block) => residual(params, block, z), x);
              // A convolution of stride 2 that sees one more row and column of zeros below and to the right.
              return resize ? convolved(y, params[resize]!, { stride: 2, padding: [0, 1] }) : y;
            },
            convolved(pictures, params["encoder/in"]!),
          );
          const read = finish(params, "encoder", middle(params, "encoder", inside));
          const both = pointwise ? convolved(read, params.quant!) : read;
          const mean = entries > 0 ? both : both.slice([], [0, codes]);
          return mean.sub(shift).mul(scale);
        },
      },
    };
  },
});

/** Each position of [n, D, h, w] as the nearest entry of a codebook [K, D], its gradient handed straight through. Consumes both. */
function quantised(z: Traced, entries: Traced): Traced {
  const [n, depth, height, width] = z.shape as [number, number, number, number];
  const rows = z.transpose([0, 2, 3, 1]).reshape([n * height * width, depth]);
  const { entries: nearest, choice } = nearestEntries(rows.ref, entries);
  choice.dispose();
  return straightThrough(rows, nearest).reshape([n, height, width, depth]).transpose([0, 3, 1, 2]);
}

/** Sizes by names and shapes; groups, scale and shift by the authors' arguments, where they are not those of Stable Diffusion. */
function sizesOf(file: ForeignTensors, config: ForeignConfig) {
  const diffusers = file.shape("decoder.conv_norm_out.weight") !== undefined;
  const conv1 = (level: number, block: number) =>
    diffusers
      ? `encoder.down_blocks.${level}.resnets.${block}.conv1.weight`
      : `encoder.down.${level}.block.${block}.conv1.weight`;
  const levels = countLayers(file, (i) => conv1(i, 0));
  const channels = Array.from({ length: levels }, (_, i) => file.shape(conv1(i, 0))![0]!);
  const [, latents] = tellingShape(file, "sd-vae", "decoder.conv_in.weight") as [number, number];
  tellingShape(file, "sd-vae", conv1(0, 0));
  const pointwise = file.shape("post_quant_conv.weight");
  const codebook = file.shape("quantize.embedding.weight");
  const given = (name: string): number | undefined => {
    const value = config[name];
    return typeof value === "number" ? value : undefined;
  };
  return {
    channels: channels.join("-"),
    blocks: countLayers(file, (j) => conv1(0, j)),
    latents,
    codes: pointwise?.[1] ?? latents,
    entries: codebook?.[0] ?? 0,
    pointwise: pointwise !== undefined,
    groups: given("norm_num_groups") ?? Math.min(32, channels[0]!),
    scale: given("scaling_factor") ?? given("scale_factor") ?? (codebook ? 1 : 0.18215),
    shift: given("shift_factor") ?? 0,
  };
}
