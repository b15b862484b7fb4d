import type { Array as Traced } from "@jax-js/jax";
import { mapGroups, size, Tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../../hypotheses/index.ts";

/** Floats in one block of samples: its activations stay in a core's cache, its products are still large. */
const blockFloats = 32 * 1024;

/**
 * A function of one sample, [n, ...input] → [n, ...output] row by row, evaluated for any number of samples in blocks that
 * are shared out over the cores. The same program serves every call.
 */
export function mapSamples(
  fn: (params: TracedParams, samples: Traced) => Traced,
  name: string,
): (params: Params, samples: Tensor) => Promise<Tensor> {
  const mapped = mapGroups(
    (params: TracedParams, group: Traced) => {
      const [, n, ...rest] = group.shape as [number, number, ...number[]];
      const out = fn(params, group.reshape([n, ...rest]));
      return out.reshape([1, ...out.shape]);
    },
    { name },
  ) as unknown as (params: Params, groups: Tensor) => Promise<Tensor>;
  return async (params, samples) => {
    const [count = 0, ...rest] = samples.shape;
    const block = Math.max(1, Math.min(count, Math.floor(blockFloats / size(rest))));
    const whole = count - (count % block);
    const parts: Tensor[] = [];
    const add = async (from: number, to: number, each: number) => {
      if (to === from) return;
      const groups = samples.rows(from, to).reshape([(to - from) / each, each, ...rest]);
      const out = await mapped(params, groups);
      parts.push(out.reshape([to - from, ...out.shape.slice(2)]));
    };
    await add(0, whole, block);
    await add(whole, count, count - whole);
    return parts.length === 1 ? parts[0]! : joined(parts);
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  const count = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
  return new Tensor(data, [count, ...parts[0]!.shape.slice(1)], "float32");
}
