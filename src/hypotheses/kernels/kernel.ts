import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Tensor } from "../../engine/index.ts";

/** Host tensors in a tree: what a kernel's traced functions are given beside the points. */
export type TensorTree = Tensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };
/** The same tree while traced; a kernel knows what its own looks like. */
export type TracedTree = object;

/** Points on the host for evaluation in float64: row-major, `count` rows of `length`. */
export interface Rows {
  readonly data: Float32Array | Float64Array;
  readonly count: number;
  readonly length: number;
}

/**
 * k(x, y) = offset + scale |x̃||ỹ| g, with x̃·ỹ = weight x·y / d + bias over points of d numbers and g a function of the angle φ between
 * x̃ and −ỹ alone: what one layer makes of two points.
 */
export interface AngularForm {
  readonly weight: number;
  readonly bias: number;
  readonly scale: number;
  readonly offset: number;
  /** g, and its derivative in x̃·ỹ / |x̃||ỹ| = −cos φ, of cos φ; bounded where the points are parallel. Consumes it. */
  profile(cosine: Traced): { value: Traced; slope: Traced };
}

/**
 * A positive semi-definite function k of two points (§2). Traced functions follow jax-js ownership (they consume what they
 * are given) and are differentiable twice in both sets of points; where k has a cone (x = y under γ ≤ 1, or under the tangent
 * kernel) the gradient is the subgradient zero.
 */
export interface Kernel<P extends TensorTree = TensorTree> {
  /** The name of its computation, parameters' values aside: kernels of one name share compiled programs. */
  readonly name: string;
  /** Values that may change without another trace: a bandwidth, the weights of random networks. */
  readonly parameters: P;
  /** K(X, Y): [n, …], [m, …] → [n, m]. */
  matrix(parameters: TracedTree, x: Traced, y: Traced): Traced;
  /**
   * K(X, Y) from inner products alone, where it can be had so: entry by entry a function of x·y [n, m], x·x [n, 1] or [n, m], and
   * y·y [1, m] of points of `length` numbers. Its derivatives then need neither set of points.
   */
  ofProducts?(xy: Traced, xx: Traced, yy: Traced, length: number): Traced;
  /**
   * A square K(X, X) in float64 on the host from x·y of all pairs, [n, n] row-major, of which the lower triangle is read. Only with
   * `ofProducts`.
   */
  ofProducts64?(products: Float64Array, n: number, length: number): Float64Array;
  /** The same as a function of one angle, where it is one. */
  readonly angular?: AngularForm;
  /** k(x, x) of every point: [n, …] → [n]. */
  diagonal(parameters: TracedTree, x: Traced): Traced;
  /** φ with k(x, y) = φ(x)·φ(y), [n, …] → [n, F], where there is a finite one: large sets are then embedded once. */
  features?(parameters: TracedTree, x: Traced): Traced;
  /** Points whose features are worth computing at a time; a few images when left out. */
  readonly chunk?: number;
  /** K(X, Y) in float64 on the host, row-major. */
  exact?(x: Rows, y: Rows): Float64Array;
  /** k(x − t, y − t) = k(x, y): large sets may be centred, which saves digits. */
  readonly translationInvariant?: boolean;
  /** Points a side worth taking at a time where the default, a thousand or so, would need too much memory. */
  readonly blockSide?: number;
}

/** The rows of a tensor [n, …]. */
export function rowsOf(points: Tensor): Rows {
  const [count] = points.shape as [number];
  return { data: points.data as Float32Array, count, length: count === 0 ? 0 : points.data.length / count };
}

/** [n, …] → [n, length]. */
export function flatPoints(x: Traced): Traced {
  return x.shape.length === 2 ? x : x.reshape([x.shape[0]!, -1]);
}

/** x·y of all pairs of rows: [n, d], [m, d] → [n, m]. */
export const innerProducts = (x: Traced, y: Traced): Traced =>
  lax.dot(x, y, { lhsContractingDims: [1], rhsContractingDims: [1] });

/** x·x of every row: [n, d] → [n]. */
export const squaredNorms = (x: Traced): Traced => np.sum(np.square(x), 1);
