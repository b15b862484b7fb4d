import { Tensor } from "../../engine/index.ts";
import type { Params } from "../../hypotheses/index.ts";

/** The running mean of parameters after `taken` steps: m ← m + (1 − d)(θ − m), d = min(decay, (1 + t) / (10 + t)). */
export function averaged(mean: Params, params: Params, decay: number, taken: number): Params {
  const share = 1 - Math.min(decay, (1 + taken) / (10 + taken));
  return Object.fromEntries(
    Object.entries(params).map(([layer, own]) => [
      layer,
      Object.fromEntries(
        Object.entries(own).map(([name, { data, shape }]) => {
          const before = mean[layer]![name]!.data;
          const after = Float32Array.from(before, (m, i) => m + share * (data[i]! - m));
          return [name, new Tensor(after, shape, "float32")];
        }),
      ),
    ]),
  );
}
