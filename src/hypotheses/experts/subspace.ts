import { Tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { addScaled, dot, paramsOf, vectorOf } from "../solvers/parameterVector.ts";

/** The linear span of some states of a network's parameters (§5.2.2). */
export interface Subspace {
  /** An orthonormal basis: leaves [k, …shape of the parameter]. */
  readonly basis: Params;
  /** Coordinates of the states in it, [states, k]. */
  readonly coordinates: Tensor;
}

/** Directions shorter than this share of their state are rounding. */
const negligible = 1e-6;

/** The span of a trajectory: its first state, then what every later one adds (Gram and Schmidt, inner products in float64). */
export function spanOf(states: readonly Params[]): Subspace {
  const vectors = states.map(vectorOf);
  const basis: Float32Array[] = [];
  vectors.forEach((v, i) => {
    const rest = i === 0 ? v.slice() : v.map((x, j) => x - vectors[i - 1]![j]!);
    // Twice: what is left is short against what is taken away.
    for (let pass = 0; pass < 2; pass++) for (const b of basis) addScaled(rest, b, -dot(b, rest));
    const length = Math.sqrt(dot(rest, rest));
    if (length > negligible * Math.sqrt(dot(v, v))) basis.push(rest.map((x) => x / length));
  });
  const coordinates = Float32Array.from(vectors.flatMap((v) => basis.map((b) => dot(b, v))));
  return {
    basis: stacked(basis, states[0]!),
    coordinates: new Tensor(coordinates, [states.length, basis.length], "float32"),
  };
}

/** Coordinates of the orthogonal projection, [k]. */
export function coordinatesOf(params: Params, basis: Params): Tensor {
  const vector = vectorOf(params);
  const own = rowsOf(basis).map((b) => dot(b, vector));
  return new Tensor(Float32Array.from(own), [own.length], "float32");
}

/** The parameters at coordinates [k]. */
export function paramsAt({ data }: Tensor, basis: Params): Params {
  const rows = rowsOf(basis);
  const vector = new Float32Array(rows[0]!.length);
  for (const [k, b] of rows.entries()) addScaled(vector, b, data[k]!);
  return paramsOf(vector, oneOf(basis));
}

/** The basis vectors of a tree. */
function rowsOf(basis: Params): Float32Array[] {
  const count = Object.values(Object.values(basis)[0]!)[0]!.shape[0]!;
  return Array.from({ length: count }, (_, k) => vectorOf(oneOf(basis, k)));
}

const oneOf = (basis: Params, k = 0): Params => each(basis, (t) => t.rows(k, k + 1).reshape(t.shape.slice(1)));

function stacked(vectors: readonly Float32Array[], like: Params): Params {
  const trees = vectors.map((v) => paramsOf(v, like));
  return each(like, ({ shape, data }, layer, name) => {
    const all = new Float32Array(trees.length * data.length);
    trees.forEach((tree, k) => {
      all.set(tree[layer]![name]!.data as Float32Array, k * data.length);
    });
    return new Tensor(all, [trees.length, ...shape], "float32");
  });
}

function each(params: Params, change: (t: Tensor, layer: string, name: string) => Tensor): Params {
  return Object.fromEntries(
    Object.entries(params).map(([layer, own]) => [
      layer,
      Object.fromEntries(Object.entries(own).map(([name, t]) => [name, change(t, layer, name)])),
    ]),
  );
}
