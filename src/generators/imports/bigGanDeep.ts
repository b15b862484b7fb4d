import { lax, nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer, number, text, work } from "../../engine/index.ts";
import { oneHot, type TracedParams } from "../../hypotheses/index.ts";
import type { TracedCodes } from "../generator.ts";
import { rescaled } from "../layers/activations.ts";
import { attended, columns } from "../layers/attended.ts";
import { connected, convolved } from "../layers/convolved.ts";
import { enlarged } from "../layers/spread.ts";
import { type Body, drawNormal, type Step } from "./body.ts";
import { declareFamily } from "./family.ts";
import { labelsOption, nativeClasses, tellingShape } from "./sizes.ts";
import { copied, foldedNorm, reshaped, type SlotTable, spectral } from "./slots.ts";
import { sigmaOfVectors } from "./spectralNorm.ts";

const epsilon = 1e-4;

/** Truncations of which the running moments of its layers are kept: 0, 0.02, …, 1. */
const kept = 51;

/** A block as it is written: channels in and out, and `u` where it doubles. */
interface Block {
  readonly inputs: number;
  readonly outputs: number;
  readonly doubles: boolean;
}

const blockText = ({ inputs, outputs, doubles }: Block) => `${inputs}.${outputs}${doubles ? "u" : ""}`;
const blocksOf = (list: string): Block[] =>
  list.split("-").map((one) => {
    const [inputs, outputs] = one.replace("u", "").split(".").map(Number) as [number, number];
    return { inputs, outputs, doubles: one.endsWith("u") };
  });

/** A weight [out, …] divided by σ of its stored vectors, and its bias. */
const normalisedLayer = (name: string, shape: readonly number[], bias = true) => {
  const columnsOf = shape.slice(1).reduce((product, d) => product * d, 1);
  return {
    weight: spectral(
      { name: `${name}.weight_orig`, shape },
      [
        { name: `${name}.weight_u`, shape: [shape[0]!] },
        { name: `${name}.weight_v`, shape: [columnsOf] },
      ],
      sigmaOfVectors,
    ),
    ...(bias && { bias: copied(`${name}.bias`, [shape[0]!]) }),
  };
};

const runningMoments = (name: string, channels: number) => ({
  mean: { name: `${name}.running_means`, shape: [kept, channels] },
  variance: { name: `${name}.running_vars`, shape: [kept, channels] },
});

/** Batch normalisation whose gain, less 1, and bias are linear in the condition. */
const conditionedNorm = (name: string, condition: number, channels: number, row: number) => ({
  ...foldedNorm(runningMoments(name, channels), channels, epsilon, row),
  gain: normalisedLayer(`${name}.scale`, [channels, condition], false).weight,
  bias: normalisedLayer(`${name}.offset`, [channels, condition], false).weight,
});

function normalisedByCondition(
  x: Traced,
  condition: Traced,
  { scale, shift, gain, bias }: TracedParams[string],
): Traced {
  const [n, channels] = x.shape as [number, number];
  const own = (weight: Traced, given: Traced) => connected(given, { weight }).reshape([n, channels, 1, 1]);
  return rescaled(x, { scale: scale!, shift: shift! }).mul(own(gain!, condition.ref).add(1)).add(own(bias!, condition));
}

const kernels = [1, 3, 3, 1];

function blockSlots(
  at: number,
  position: number,
  { inputs, outputs }: Block,
  condition: number,
  row: number,
): SlotTable {
  const name = `generator.layers.${position}`;
  const middle = Math.floor(inputs / 4);
  const sizes = [inputs, middle, middle, middle, outputs];
  return Object.fromEntries(
    kernels.flatMap((kernel, k) => [
      [`block${at}/norm${k}`, conditionedNorm(`${name}.bn_${k}`, condition, sizes[k]!, row)],
      [`block${at}/conv${k}`, normalisedLayer(`${name}.conv_${k}`, [sizes[k + 1]!, sizes[k]!, kernel, kernel])],
    ]),
  );
}

function attentionSlots(position: number, channels: number): SlotTable {
  const name = (own: string) => `generator.layers.${position}.snconv1x1_${own}`;
  const [eighth, half] = [channels >> 3, channels >> 1];
  const layer = (own: string, out: number, input: number) => normalisedLayer(name(own), [out, input, 1, 1], false);
  return {
    "attention/theta": layer("theta", eighth, channels),
    "attention/phi": layer("phi", eighth, channels),
    "attention/g": layer("g", half, channels),
    "attention/out": layer("o_conv", channels, half),
    "attention/gamma": { value: reshaped(`generator.layers.${position}.gamma`, [1], [1, 1, 1, 1]) },
  };
}

/** The largest of each 2x2. */
const pooled = (x: Traced): Traced => lax.reduceWindow(x, (window) => np.max(window), [2, 2], [2, 2]);

/** x + γ · what its positions take from one another, keys and values at half the size. */
function attention(params: TracedParams, x: Traced): Traced {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const own = (name: string) => convolved(x.ref, params[`attention/${name}`]!);
  const found = attended(columns(own("theta")), columns(pooled(own("phi"))), columns(pooled(own("g"))));
  const said = convolved(found.reshape([n, channels >> 1, height, width]), params["attention/out"]!);
  return x.add(said.mul(params["attention/gamma"]!.value!));
}

const attentionLayers = ["theta", "phi", "g", "out", "gamma"].map((own) => `attention/${own}`);

/**
 * BigGAN-deep under the names of its PyTorch port (Brock et al. 2019): bottleneck blocks conditioned on the code joined with an embedding
 * of the class, attention at one map, running moments of the chosen truncation, spectral normalisation divided out.
 */
export const bigGanDeep = declareFamily("biggan-deep", {
  title: "BigGAN-deep trained elsewhere",
  reference: "A.1.2",
  citation: work(
    "A. Brock, J. Donahue and K. Simonyan",
    2019,
    "Large Scale GAN Training for High Fidelity Natural Image Synthesis",
    "ICLR",
  ),
  formula: "min_G max_D of the hinge loss, the label in both",
  options: {
    z: integer(128, 1, 65536, "numbers of a code"),
    embedding: integer(128, 1, 65536, "numbers of a class's embedding"),
    classes: integer(1000, 1, 65536, "classes that it is given"),
    blocks: text(
      "2048.2048-2048.2048u-2048.2048-2048.1024u-1024.1024-1024.512u-512.512-512.256u-256.256-256.128u",
      "blocks joined by dashes, each its channels in and out and u where it doubles",
      (given) => /^\d+\.\d+u?(?:-\d+\.\d+u?)*$/.test(given),
      "blocks, the 4x4 one first",
    ),
    attention: integer(8, -1, 64, "blocks before the attention; -1 for none"),
    outputs: integer(128, 3, 65536, "channels of its last convolution, of which the first three are the picture"),
    truncation: number(1, 0.02, 1, "codes are cut at 2 and times this, a multiple of 0.02"),
    labels: labelsOption,
  },
  ignored: /\.num_batches_tracked$/,
  sizes(file, config) {
    const [embedding, classes] = tellingShape(file, "biggan-deep", "embeddings.weight") as [number, number];
    const [, condition] = tellingShape(file, "biggan-deep", "generator.gen_z.weight_orig") as [number, number];
    const given = Array.isArray(config.layers) ? (config.layers as unknown[]) : [];
    const blocks: Block[] = [];
    let before = -1;
    for (let position = 0; ; position++) {
      const name = `generator.layers.${position}`;
      const [first, last] = ["conv_0", "conv_3"].map((own) => file.shape(`${name}.${own}.weight_orig`));
      if (first && last) {
        const told = given[blocks.length];
        const doubles = Array.isArray(told) ? told[0] === true : blocks.length % 2 === 1;
        blocks.push({ inputs: first[1]!, outputs: last[0]!, doubles });
      } else if (file.shape(`${name}.gamma`)) before = blocks.length;
      else break;
    }
    const [outputs] = tellingShape(file, "biggan-deep", "generator.conv_to_rgb.weight_orig") as [number];
    return {
      z: condition - embedding,
      embedding,
      classes,
      blocks: blocks.map(blockText).join("-"),
      attention: before,
      outputs,
    };
  },
  table({ z, embedding, classes, blocks: list, attention: before, outputs, truncation }): SlotTable {
    const blocks = blocksOf(list);
    const row = Math.round(truncation * (kept - 1));
    const condition = z + embedding;
    const position = (at: number) => (before >= 0 && at >= before ? at + 1 : at);
    const last = blocks.at(-1)!.outputs;
    return {
      embeddings: { weight: copied("embeddings.weight", [embedding, classes]) },
      start: normalisedLayer("generator.gen_z", [16 * blocks[0]!.inputs, condition]),
      ...Object.assign({}, ...blocks.map((block, at) => blockSlots(at, position(at), block, condition, row))),
      ...(before >= 0 && attentionSlots(before, blocks[before]!.inputs)),
      norm: foldedNorm(
        { ...runningMoments("generator.bn", last), weight: "generator.bn.weight", bias: "generator.bn.bias" },
        last,
        epsilon,
        row,
      ),
      output: normalisedLayer("generator.conv_to_rgb", [outputs, last, 3, 3]),
    };
  },
  body({ z, embedding, classes, blocks: list, attention: before, truncation, labels }): Body {
    const blocks = blocksOf(list);
    const condition = z + embedding;
    const sides = [4];
    for (const { doubles } of blocks) sides.push(sides.at(-1)! * (doubles ? 2 : 1));
    const block = (params: TracedParams, at: number, x: Traced, given: Traced): Traced => {
      const { inputs, outputs, doubles } = blocks[at]!;
      const own = kernels.reduce((y, _, k) => {
        const rectified = nn.relu(normalisedByCondition(y, given.ref, params[`block${at}/norm${k}`]!));
        return convolved(doubles && k === 1 ? enlarged(rectified) : rectified, params[`block${at}/conv${k}`]!);
      }, x.ref);
      given.dispose();
      const narrow = inputs === outputs ? x : x.slice([], [0, outputs]);
      return own.add(doubles ? enlarged(narrow) : narrow);
    };
    /** Layer 0 leads to the 4x4 map and the condition, layer l to what block l − 1 makes of them. */
    const start: Step = {
      reads: ["embeddings", "start"],
      apply(params, codes) {
        const own = connected(codes.class!, { weight: params.embeddings!.weight! });
        const joined = np.concatenate([codes.z!, own], 1);
        const map = connected(joined.ref, params.start!).reshape([-1, 4, 4, blocks[0]!.inputs]);
        return { features: map.transpose([0, 3, 1, 2]), condition: joined };
      },
    };
    const steps = blocks.map((_, at): Step => {
      const final = at === blocks.length - 1;
      return {
        reads: [
          ...(at === before ? attentionLayers : []),
          ...kernels.flatMap((_kernel, k) => [`block${at}/norm${k}`, `block${at}/conv${k}`]),
          ...(final ? ["norm", "output"] : []),
        ],
        apply(params, { features, condition: given }): TracedCodes {
          const seen = at === before ? attention(params, features!) : features!;
          const x = block(params, at, seen, final ? given! : given!.ref);
          if (!final) return { features: x, condition: given! };
          const all = convolved(nn.relu(rescaled(x, params.norm!)), params.output!);
          return { pictures: np.tanh(all.slice([], [0, 3])) };
        },
      };
    });
    return {
      pictures: { shape: [3, sides.at(-1)!, sides.at(-1)!], black: -1, white: 1 },
      conditional: true,
      facts: {
        injective: "not known: it is not built to be",
        surjective: "no: samples have as many dimensions as a code at most",
      },
      draw: (own, key) => ({
        z: drawNormal(own.length, [z], key, 2, truncation),
        class: oneHot(nativeClasses(labels, own, classes), classes),
      }),
      layers: [
        {
          parts: { z: { shape: [z], prior: "normal" }, class: { shape: [classes], prior: "one-hot" } },
          step: start,
        },
        ...steps.map((step, at) => ({
          parts: {
            features: { shape: [blocks[at]!.inputs, sides[at]!, sides[at]!], prior: "activations" as const },
            condition: { shape: [condition], prior: "activations" as const },
          },
          step,
        })),
      ],
    };
  },
});
