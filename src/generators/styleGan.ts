import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, integer, number, type RandomKey, size, Tensor, work, zeros } from "../engine/index.ts";
import type { Params, TracedParams } from "../hypotheses/index.ts";
import { logistic, r1 } from "./adversarial/losses.ts";
import { turnOptions } from "./adversarial/options.ts";
import { codeParts, criticOf, normalCodes, type Player, trainingOf } from "./adversarial/player.ts";
import { refuseFlat } from "./bodies/sides.ts";
import { checkLayer } from "./codeLayer.ts";
import {
  type CodePart,
  declareGenerator,
  type Generator,
  type GeneratorGround,
  type TracedCodes,
} from "./generator.ts";
import { mapping, mappingRate, mappingShapes } from "./style/mapping.ts";
import {
  type Between,
  block,
  blockLayers,
  type SynthesisSizes,
  sideOf,
  stylesFrom,
  synthesisShapes,
} from "./style/synthesis.ts";
import { samplesOfOutputs } from "./units.ts";

const options = {
  z: integer(64, 1, 4096, "numbers of a code and of a style"),
  channels: integer(32, 1, 1024, "channels of every map"),
  criticChannels: integer(32, 1, 1024, "channels of the critic's first map"),
  criticNorm: choice("none", ["layer", "none"], "normalisation of each image's maps in the critic"),
  gamma: number(0.1, 0, undefined, "γ: weight of the penalty R1"),
  every: integer(16, 1, 1000, "steps of the critic of which one has the penalty, times as many"),
  ...turnOptions(1),
};

/**
 * A generator after StyleGAN2 (Karras et al. 2020; A.1.2): code and label become a style w, a constant map is doubled up to the image, each
 * convolution scaled by the style, each block's picture added to the one before. No noise. Its layers are those of GLaD: 0 is code and
 * label, 1 the style of every convolution (W+), l the maps and the picture that block l starts from with the styles that are left (F_l).
 */
export const styleGan = declareGenerator({
  title: "generator of styles, after StyleGAN2",
  reference: "A.1.2",
  citation: work(
    "T. Karras, S. Laine, M. Aittala, J. Hellsten, J. Lehtinen and T. Aila",
    2020,
    "Analyzing and Improving the Image Quality of StyleGAN",
    "CVPR",
  ),
  formula:
    "min_D E [ −log D(x, y) ] + E [ −log(1 − D(G(z, y), y)) ] + γ/2 E ‖∇ D(x, y)‖², min_G E [ −log D(G(z, y), y) ]",
  options,
  recipe: { steps: 2000, batch: 32, learningRate: 2.5e-3 },
  make(chosen, ground): Generator {
    const own = stylePlayer(chosen, ground);
    const { average, criticSteps, gamma, every, criticNorm, criticChannels: channels } = chosen;
    const body = { body: "conv", channels, criticNorm, width: 0, depth: 0 } as const;
    const game = {
      losses: logistic(),
      head: "projection",
      betas: [0, 0.99],
      average,
      criticSteps,
      penaltyEvery: every,
      ...(gamma > 0 && {
        penalty: ({
          score,
          real,
          fake,
          mix,
        }: {
          score: (x: Traced) => Traced;
          real: Traced;
          fake: Traced;
          mix: Traced;
        }) => {
          for (const unused of [fake, mix]) unused.dispose();
          return r1(score, real).mul(gamma);
        },
      }),
    } as const;
    return { ...own, training: trainingOf(own, criticOf(ground, body, "projection"), game, chosen.z) };
  },
});

/** Blocks whose last maps are at least as large as the image. */
export const blocksFor = ([, height, width]: readonly [number, number, number]): number =>
  Math.max(2, Math.ceil(Math.log2(Math.max(height, width) / 4)) + 1);

function stylePlayer(
  chosen: { readonly z: number; readonly channels: number } & Record<string, string | number | boolean>,
  ground: GeneratorGround,
): Player {
  refuseFlat(ground);
  const { z: m, channels } = chosen;
  const { shape, classes } = ground;
  const [colours, height, width] = shape;
  const blocks = blocksFor(shape);
  const sizes: SynthesisSizes = { style: m, channels, colours, blocks };
  const table = { ...mappingShapes(m, classes), ...synthesisShapes(sizes) };
  const samples = samplesOfOutputs(ground, false);
  const mapped = Object.keys(mappingShapes(m, classes));
  const total = stylesFrom(0, blocks);
  const styles = (params: TracedParams, z: Traced, labels: Traced): Traced => {
    const w = mapping(params, z, labels);
    return np.broadcastTo(w.reshape([w.shape[0]!, 1, m]), [w.shape[0]!, total, m]);
  };
  /** Layer l is the start of block l − 1. */
  const started = (codes: TracedCodes, layer: number): Between | { ws: Traced } =>
    layer === 1 ? { ws: codes.ws! } : { features: codes.features!, picture: codes.picture!, ws: codes.ws! };
  const through = (params: TracedParams, from: Between | { ws: Traced }, first: number, last: number) => {
    let now = from;
    for (let b = first; b < last; b++) now = block(params, now, b);
    return now;
  };
  const pictured = (between: Between): Traced => {
    for (const unused of [between.features, between.ws]) unused.dispose();
    const side = sideOf(blocks - 1);
    const [top, left] = [Math.floor((side - height) / 2), Math.floor((side - width) / 2)];
    const whole = height === side && width === side;
    const cut = whole ? between.picture : between.picture.slice([], [], [top, top + height], [left, left + width]);
    return samples(cut);
  };
  const layersFrom = (layer: number) =>
    Array.from({ length: blocks }, (_, b) => (b >= layer - 1 ? blockLayers(b) : [])).flat();
  const decode = (params: TracedParams, codes: TracedCodes, layer: number): Traced => {
    const start = layer === 0 ? { ws: styles(params, codes.z!, codes.class!) } : started(codes, layer);
    return pictured(through(params, start, Math.max(0, layer - 1), blocks) as Between);
  };
  return {
    spec: { name: "style", options: chosen },
    output: shape,
    classes,
    conditional: true,
    layers: blocks,
    shapes: Object.fromEntries(
      Object.entries(table).map(([layer, own]) => [
        layer,
        Object.fromEntries(Object.entries(own).map(([name, of]) => [name, { shape: of }])),
      ]),
    ),
    facts: {
      injective: "not in general: codes of one direction have one style",
      surjective: `no: from its code its samples are a surface of at most ${m} dimensions`,
    },
    parts(layer): Readonly<Record<string, CodePart>> {
      checkLayer("style", layer, blocks);
      if (layer === 0) return codeParts(m, classes, true);
      const ws: CodePart = { shape: [stylesFrom(layer - 1, blocks), m], prior: "activations" };
      if (layer === 1) return { ws };
      const side = sideOf(layer - 2);
      return {
        features: { shape: [channels, side, side], prior: "activations" },
        picture: { shape: [colours, side, side], prior: "activations" },
        ws,
      };
    },
    reads: (layer) => [...(layer === 0 ? mapped : []), ...layersFrom(layer)],
    init: (key) => initialStyles(table, key),
    sample: (_params, labels, key) => normalCodes(m, classes, true, labels, key),
    decode,
    advance(params, codes, layer) {
      if (layer === 0) return codes;
      const kept = [...mapped, ...Array.from({ length: layer - 1 }, (_, b) => blockLayers(b)).flat()];
      for (const [name, own] of Object.entries(params))
        if (!kept.includes(name)) for (const unused of Object.values(own)) unused.dispose();
      if (codes.ws) for (const layer of mapped) for (const unused of Object.values(params[layer]!)) unused.dispose();
      const ws = codes.ws ?? styles(params, codes.z!, codes.class!);
      return { ...through(params, { ws }, 0, layer - 1) };
    },
    play: (params, z, labels) => ({ images: decode(params, { z, class: labels }, 0), beside: {} }),
  };
}

/** Weights standard normal, those of the mapping as much larger as they act smaller; biases 0, those of styles 1. */
function initialStyles(table: Record<string, Record<string, readonly number[]>>, key: RandomKey): Params {
  return Object.fromEntries(
    Object.entries(table).map(([layer, own]) => [
      layer,
      Object.fromEntries(
        Object.entries(own).map(([name, shape]) => {
          const of =
            name === "bias"
              ? zeros(shape).map(() => Number(/^(rgbS|s)tyle/.test(layer)))
              : drawn(shape, key.fold(layer).fold(name));
          return [name, layer.startsWith("mapping") && name === "weight" ? of.scale(1 / mappingRate) : of];
        }),
      ),
    ]),
  );
}

const drawn = (shape: readonly number[], key: RandomKey) => new Tensor(key.normal(size(shape)), shape, "float32");
