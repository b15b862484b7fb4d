import { size, Tensor } from "../../src/engine/index.ts";
import type { Params } from "../../src/hypotheses/network.ts";

/** The array formula.py calls `values`: offset + scale · sin(0.9 i + 2.7 t + 0.013 i²), rounded to float32. */
export function formulaTensor(shape: readonly number[], t: number, scale = 1, offset = 0): Tensor {
  const data = Float32Array.from({ length: size(shape) }, (_, i) => {
    return offset + scale * Math.sin(0.9 * i + 2.7 * t + 0.013 * i * i);
  });
  return new Tensor(data, shape, "float32");
}

/** Parameters of the same shapes with the golden scripts' values; tensors are numbered in order, weight before bias. */
export function formulaParams(params: Params): Params {
  let t = 0;
  const named = Object.entries(params).map(([layer, { weight, bias }]) => {
    const scale = 1 / Math.sqrt(size(weight!.shape.slice(1)));
    const norm = layer.startsWith("norm");
    const first = norm ? formulaTensor(weight!.shape, t, 0.2, 1) : formulaTensor(weight!.shape, t, scale);
    const second = formulaTensor(bias!.shape, t + 1, norm ? 0.1 : scale);
    t += 2;
    return [layer, { weight: first, bias: second }] as const;
  });
  return Object.fromEntries(named);
}
