import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../../hypotheses/index.ts";
import { leaky } from "../bodies/leaky.ts";
import { firUp } from "./fir.ts";
import { modulated } from "./modulated.ts";

/** The state between two blocks: maps [n, C, h, w], the picture so far [n, colours, h, w], and the styles that are left, [n, k, m]. */
export interface Between {
  readonly features: Traced;
  readonly picture: Traced;
  readonly ws: Traced;
}

/** Sizes of a synthesis network. */
export interface SynthesisSizes {
  /** Numbers of a style. */
  readonly style: number;
  /** Channels of every map. */
  readonly channels: number;
  readonly colours: number;
  /** Blocks, the first one of 4x4 pixels, each later one twice as large. */
  readonly blocks: number;
}

/** Convolutions of a block: one in the first, two in later ones. */
export const convolutions = (block: number): number => (block === 0 ? 1 : 2);

/** Styles that blocks from one on read: one a convolution, and one more for the last picture. */
export const stylesFrom = (block: number, blocks: number): number =>
  Array.from({ length: blocks - block }, (_, i) => convolutions(block + i)).reduce((sum, k) => sum + k, 1);

/** The side of a block's maps. */
export const sideOf = (block: number): number => 4 * 2 ** block;

/** Shapes of the parameters, by layer. Weights start standard normal, biases at 0, those of styles at 1. */
export function synthesisShapes({ style, channels, colours, blocks }: SynthesisSizes) {
  const affine = { weight: [channels, style], bias: [channels] };
  const table: Record<string, Record<string, readonly number[]>> = { const: { value: [channels, 4, 4] } };
  for (let b = 0; b < blocks; b++) {
    for (let k = 0; k < convolutions(b); k++) {
      table[styleName(b, k)] = affine;
      table[convName(b, k)] = { weight: [channels, channels, 3, 3], bias: [channels] };
    }
    table[rgbStyleName(b)] = affine;
    table[rgbName(b)] = { weight: [colours, channels, 1, 1], bias: [colours] };
  }
  return table;
}

const convName = (block: number, k: number) => `conv${sideOf(block)}${"ab"[k]}`;
const styleName = (block: number, k: number) => `style${sideOf(block)}${"ab"[k]}`;
const rgbName = (block: number) => `rgb${sideOf(block)}`;
const rgbStyleName = (block: number) => `rgbStyle${sideOf(block)}`;

/** The layers of parameters that a block reads. */
export const blockLayers = (block: number): string[] => [
  ...(block === 0 ? ["const"] : []),
  ...Array.from({ length: convolutions(block) }, (_, k) => [styleName(block, k), convName(block, k)]).flat(),
  rgbStyleName(block),
  rgbName(block),
];

/** x Wᵀ/√in + b of [n, in]; consumes all. */
export const scaledLinear = (x: Traced, { weight, bias }: TracedParams[string], rate = 1): Traced => {
  const gain = rate / Math.sqrt(x.shape[1]!);
  const y = lax.dot(x, weight!, { lhsContractingDims: [1], rhsContractingDims: [1] }).mul(gain);
  return y.add(rate === 1 ? bias! : bias!.mul(rate));
};

/** Of leaky(x) · √2, which keeps the variance. */
const activated = (x: Traced): Traced => leaky(x).mul(Math.SQRT2);

const perChannel = (bias: Traced) => bias.reshape([1, -1, 1, 1]);

/** One block: convolutions under their styles and the picture that is added to the one before, twice as large. Consumes all. */
export function block(params: TracedParams, before: Between | { readonly ws: Traced }, number: number): Between {
  const { ws } = before;
  const [n, count, m] = ws.shape as [number, number, number];
  const style = (i: number) => ws.ref.slice([], [i, i + 1]).reshape([n, m]);
  const used = convolutions(number);
  let features: Traced;
  if ("features" in before) features = before.features;
  else {
    const { value } = params.const as { value: Traced };
    features = np.broadcastTo(value.reshape([1, ...value.shape]), [n, ...value.shape]);
  }
  for (let k = 0; k < used; k++) {
    const { weight, bias } = params[convName(number, k)]!;
    const own = scaledLinear(style(k), params[styleName(number, k)]!);
    const up = number > 0 && k === 0;
    features = activated(modulated(features, weight!, own, { demodulate: true, up }).add(perChannel(bias!)));
  }
  const { weight, bias } = params[rgbName(number)]!;
  const ofPicture = scaledLinear(style(used), params[rgbStyleName(number)]!).mul(1 / Math.sqrt(weight!.shape[1]!));
  const colours = modulated(features.ref, weight!, ofPicture, { demodulate: false, up: false }).add(perChannel(bias!));
  const picture = "picture" in before ? firUp(before.picture).add(colours) : colours;
  return { features, picture, ws: ws.slice([], [used, count]) };
}
