import { size, Tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";

/** All parameters as one vector, layer by layer in the order of the tree. A copy. */
export function vectorOf(params: Params): Float32Array {
  const tensors = tensorsOf(params);
  const vector = new Float32Array(tensors.reduce((n, t) => n + t.data.length, 0));
  let at = 0;
  for (const { data } of tensors) {
    vector.set(data as Float32Array, at);
    at += data.length;
  }
  return vector;
}

/** The tree of parameters that a vector stands for, sharing the vector's memory; `like` gives names and shapes. */
export function paramsOf(vector: Float32Array, like: Params): Params {
  let at = 0;
  const named = Object.entries(like).map(([layer, tensors]) => {
    const own = Object.entries(tensors).map(([name, { shape }]) => {
      const from = at;
      at += size(shape);
      return [name, new Tensor(vector.subarray(from, at), shape, "float32")] as const;
    });
    return [layer, Object.fromEntries(own)] as const;
  });
  if (at !== vector.length) throw new RangeError(`a vector of ${vector.length} elements for ${at} parameters`);
  return Object.fromEntries(named);
}

const tensorsOf = (params: Params): Tensor[] => Object.values(params).flatMap((layer) => Object.values(layer));

/** ⟨a, b⟩ in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** into ← into + factor · term. */
export function addScaled(into: Float32Array, term: ArrayLike<number>, factor = 1): void {
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + factor * term[i]!;
}
