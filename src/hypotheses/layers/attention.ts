import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { TracedParams } from "../network.ts";
import { linear } from "./linear.ts";
import { groupNorm } from "./normalisation.ts";
import type { InitialTable, Pass, StageMaker } from "./stage.ts";

/** softmax(q kᵀ / √d) v of every head (Vaswani et al. 2017): [n, p, heads · d] each → the same. Consumes all three. */
export function attended(q: Traced, k: Traced, v: Traced, heads: number): Traced {
  const [n, positions, width] = q.shape as [number, number, number];
  const d = width / heads;
  const split = (x: Traced) => x.reshape([n, -1, heads, d]).transpose([0, 2, 1, 3]);
  const likeness = np.matmul(split(q), split(k).transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(d));
  const mixed = np.matmul(nn.softmax(likeness, -1), split(v));
  return mixed.transpose([0, 2, 1, 3]).reshape([n, positions, width]);
}

/** A linear layer along the last axis of [n, p, C]. */
export interface TokenLinear {
  readonly parameters: InitialTable;
  apply(params: TracedParams, x: Traced, pass: Pass): Traced;
}

/** The linear layer that every position has. */
export function tokenLinear(layer: string, from: number, to: number): TokenLinear {
  const stage = linear(layer, to)([from]);
  return {
    parameters: stage.parameters,
    apply(params, x, pass) {
      const [n, positions] = x.shape as [number, number];
      return stage.apply(params, x.reshape([n * positions, from]), pass).reshape([n, positions, to]);
    },
  };
}

/**
 * Attention of every pixel of a map to all others, added to the map, after group normalisation: [n, C, H, W] → the same. Layers `<layer>.norm`,
 * `.query`, `.key`, `.value`, `.out`.
 */
export function mapAttention(layer: string, groups: number, heads = 1): StageMaker {
  return (input) => {
    const [channels, height, width] = input as [number, number, number];
    const norm = groupNorm(`${layer}.norm`, groups)(input);
    const [query, key, value, out] = ["query", "key", "value", "out"].map((name) =>
      tokenLinear(`${layer}.${name}`, channels, channels),
    ) as [TokenLinear, TokenLinear, TokenLinear, TokenLinear];
    return {
      parameters: Object.assign({}, ...[norm, query, key, value, out].map((part) => part.parameters)),
      statistics: {},
      output: input,
      apply(params, x, pass) {
        const n = x.shape[0]!;
        const tokens = norm
          .apply(params, x.ref, pass)
          .reshape([n, channels, height * width])
          .transpose([0, 2, 1]);
        const [q, k, v] = [query, key, value].map((part) => part.apply(params, tokens.ref, pass)) as [
          Traced,
          Traced,
          Traced,
        ];
        tokens.dispose();
        const mixed = out.apply(params, attended(q, k, v, heads), pass);
        return x.add(mixed.transpose([0, 2, 1]).reshape([n, channels, height, width]));
      },
    };
  };
}
