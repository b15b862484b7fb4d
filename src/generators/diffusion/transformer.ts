import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, choice, integer } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { activation } from "../../hypotheses/layers/activation.ts";
import { attended, type TokenLinear, tokenLinear } from "../../hypotheses/layers/attention.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import { sequential } from "../../hypotheses/layers/sequential.ts";
import type { InitialTable, Pass } from "../../hypotheses/layers/stage.ts";
import { standardised } from "../../hypotheses/layers/standardised.ts";
import type { Denoiser } from "./denoiser.ts";
import { silent } from "./silent.ts";
import { timeEmbedding } from "./timeEmbedding.ts";

/** The options of a transformer that sees noise, beside its width and the number of its blocks. */
export const transformerOptions = {
  heads: integer(4, 1, 64, "heads of a transformer's attention"),
  patch: integer(1, 1, 8, "side of the squares of a latent that are a transformer's tokens"),
  feedForward: choice(
    "gelu",
    ["gelu", "geglu"],
    "the layer after a transformer's attention: one product, or one gated by another",
  ),
};

const pass: Pass = { moments: "batch" };

/** x ½ (1 + erf(x / √2)). Consumes x. */
export const gelu = (x: Traced): Traced => x.ref.mul(lax.erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5);

/** The same with tanh(√(2/π) (x + 0.044715 x³)) in place of erf. Consumes x. */
export function tanhGelu(x: Traced): Traced {
  const inner = x.ref.add(x.ref.mul(x.ref).mul(x.ref).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(np.tanh(inner).add(1)).mul(0.5);
}

/** a · gelu(b) of a row [a, b] (Shazeer 2020): [n, p, 2k] → [n, p, k]. Consumes x. */
export function gegluOf(x: Traced): Traced {
  const k = x.shape[2]! / 2;
  return x.ref.slice([], [], [0, k]).mul(gelu(x.slice([], [], [k, 2 * k])));
}

/** Rows of mean 0 and variance 1 along the last axis, without weights. Consumes x. */
function standardRows(x: Traced): Traced {
  const { centred, scale } = standardised(x, [2], x.shape[2]!, 1e-6);
  return centred.mul(scale);
}

/** x (1 + scale) + shift of every token, shift and scale [n, width]. Consumes all three. */
const modulated = (x: Traced, shift: Traced, scale: Traced): Traced => {
  const [n, , width] = x.shape as [number, number, number];
  return x.mul(scale.reshape([n, 1, width]).add(1)).add(shift.reshape([n, 1, width]));
};

/** A block of tokens [n, p, width] that a condition [n, e] modulates. */
export interface TransformerBlock {
  readonly parameters: InitialTable;
  /** Consumes x; the condition is referenced. */
  apply(params: TracedParams, x: Traced, condition: Traced): Traced;
}

const joined = (parts: readonly { readonly parameters: InitialTable }[]): InitialTable =>
  Object.assign({}, ...parts.map(({ parameters }) => parameters));

/** The layers that a condition becomes `count` rows of modulations by, 0 at first. */
function modulationOf(layer: string, width: number, embedded: number, count: number) {
  const stage = silent(sequential(activation("swish"), linear(layer, count * width))([embedded]));
  return {
    parameters: stage.parameters,
    apply(params: TracedParams, condition: Traced): Traced[] {
      const whole = stage.apply(params, condition, pass);
      const rows = Array.from({ length: count }, (_, k) => whole.ref.slice([], [k * width, (k + 1) * width]));
      whole.dispose();
      return rows;
    },
  };
}

/**
 * A block of adaLN-zero (Peebles and Xie 2023): attention, then a layer of each token, both of normalised tokens that the condition scales and
 * shifts, and added after it has weighed them.
 */
export function transformerBlock(
  layer: string,
  {
    width,
    heads,
    feedForward,
  }: { readonly width: number; readonly heads: number; readonly feedForward: "gelu" | "geglu" },
  embedded: number,
): TransformerBlock {
  const modulation = modulationOf(`${layer}.modulation`, width, embedded, 6);
  const [query, key, value, out] = ["query", "key", "value", "out"].map((name) =>
    tokenLinear(`${layer}.${name}`, width, width),
  ) as [TokenLinear, TokenLinear, TokenLinear, TokenLinear];
  const gated = feedForward === "geglu";
  const rise = tokenLinear(`${layer}.rise`, width, (gated ? 8 : 4) * width);
  const fall = tokenLinear(`${layer}.fall`, 4 * width, width);
  return {
    parameters: joined([modulation, query, key, value, out, rise, fall]),
    apply(params, x, condition) {
      const n = x.shape[0]!;
      const [shift1, scale1, gate1, shift2, scale2, gate2] = modulation.apply(params, condition.ref) as [
        Traced,
        Traced,
        Traced,
        Traced,
        Traced,
        Traced,
      ];
      const weighed = (y: Traced, gate: Traced) => y.mul(gate.reshape([n, 1, width]));
      const seen = modulated(standardRows(x.ref), shift1, scale1);
      const [q, k, v] = [query, key, value].map((part) => part.apply(params, seen.ref, pass)) as [
        Traced,
        Traced,
        Traced,
      ];
      seen.dispose();
      const mixed = x.add(weighed(out.apply(params, attended(q, k, v, heads), pass), gate1));
      const raised = rise.apply(params, modulated(standardRows(mixed.ref), shift2, scale2), pass);
      const activated = gated ? gegluOf(raised) : tanhGelu(raised);
      return mixed.add(weighed(fall.apply(params, activated, pass), gate2));
    },
  };
}

/**
 * The diffusion transformer (Peebles and Xie 2023) on latents [C, h, w]: squares of pixels as tokens, with learned places.
 *
 * @throws AttarError "bad-combination" (exit code 2) where squares or heads do not divide what they are parts of
 */
export function transformer(
  options: {
    readonly width: number;
    readonly blocks: number;
    readonly heads: number;
    readonly patch: number;
    readonly feedForward: "gelu" | "geglu";
  },
  [channels, height, wide]: readonly [number, number, number],
): Denoiser {
  const { width, blocks, heads, patch } = options;
  if (height % patch !== 0 || wide % patch !== 0)
    throw new AttarError(
      "bad-combination",
      `squares of ${patch}x${patch} do not tile a latent of ${height}x${wide}`,
      "leave out patch",
    );
  if (width % heads !== 0)
    throw new AttarError(
      "bad-combination",
      `${heads} heads do not divide a width of ${width}`,
      "for example width=64,heads=4",
    );
  const embedded = 4 * width;
  const [rows, columns] = [height / patch, wide / patch];
  const numbers = channels * patch * patch;
  const time = sequential(linear("dit.time1", embedded), activation("swish"), linear("dit.time2", embedded))([width]);
  const begin = tokenLinear("dit.in", numbers, width);
  const stack = Array.from({ length: blocks }, (_, b) => transformerBlock(`dit.block${b + 1}`, options, embedded));
  const modulation = modulationOf("dit.modulation", width, embedded, 2);
  const end = tokenLinear("dit.out", width, numbers);
  return {
    parameters: {
      ...joined([time, begin, ...stack, modulation]),
      ...silent(end).parameters,
      "dit.places": { weight: { shape: [rows * columns, width], start: { bound: 0.02 } } },
    },
    condition: embedded,
    apply(params, z, times, condition) {
      const n = z.shape[0]!;
      const embedding = time.apply(params, timeEmbedding(times, width), pass).add(condition);
      const tokens = z
        .reshape([n, channels, rows, patch, columns, patch])
        .transpose([0, 2, 4, 1, 3, 5])
        .reshape([n, rows * columns, numbers]);
      let x = begin.apply(params, tokens, pass).add(params["dit.places"]!.weight!.reshape([1, rows * columns, width]));
      for (const block of stack) x = block.apply(params, x, embedding);
      const [shift, scale] = modulation.apply(params, embedding) as [Traced, Traced];
      return end
        .apply(params, modulated(standardRows(x), shift, scale), pass)
        .reshape([n, rows, columns, channels, patch, patch])
        .transpose([0, 3, 1, 4, 2, 5])
        .reshape([n, channels, height, wide]);
    },
  };
}
