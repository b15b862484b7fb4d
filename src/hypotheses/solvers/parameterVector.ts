import { Tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";

/** All parameters as one vector, in the order of layers' and tensors' names: a tree read from a file has another. A copy. */
export function vectorOf(params: Params): Float32Array {
  const places = placesOf(params);
  const vector = new Float32Array(places.reduce((n, { count }) => n + count, 0));
  for (const { layer, name, from } of places) vector.set(params[layer]![name]!.data as Float32Array, from);
  return vector;
}

/** The tree of parameters that a vector stands for, sharing the vector's memory; `like` gives names, shapes and their order. */
export function paramsOf(vector: Float32Array, like: Params): Params {
  const places = placesOf(like);
  const total = places.reduce((n, { count }) => n + count, 0);
  if (total !== vector.length) throw new RangeError(`a vector of ${vector.length} elements for ${total} parameters`);
  const params: Params = Object.fromEntries(Object.entries(like).map(([layer, tensors]) => [layer, { ...tensors }]));
  for (const { layer, name, from, count } of places)
    params[layer]![name] = new Tensor(vector.subarray(from, from + count), like[layer]![name]!.shape, "float32");
  return params;
}

/** The place of each tensor in the vector. */
function placesOf(params: Params): { layer: string; name: string; from: number; count: number }[] {
  let at = 0;
  return Object.keys(params)
    .sort()
    .flatMap((layer) =>
      Object.keys(params[layer]!)
        .sort()
        .map((name) => {
          const from = at;
          const count = params[layer]![name]!.data.length;
          at += count;
          return { layer, name, from, count };
        }),
    );
}

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
