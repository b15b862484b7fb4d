import { grad, jvp, makeJaxpr, type Array as Traced, tree, valueAndGrad, vjp } from "@jax-js/jax";

/**
 * The engine's façade over jax-js's trees and derivatives: the one place where types are asserted instead of checked.
 *
 * A tree is an array, or a tuple or plain object of trees. jax-js's own tree types do not unify with named interfaces; here
 * a tree keeps the type that it has, and a derivative has the type of what it is taken by. jax-js's rules of ownership hold:
 * every function consumes the arrays it is given, {@link referenced} keeps a tree for another use.
 */

/** The structure of a tree without its leaves. */
export interface Structure {
  toString(): string;
}

/** The leaves of a tree, from left to right, and its structure. */
export function flatten<Leaf>(from: unknown): [leaves: Leaf[], structure: Structure] {
  return tree.flatten(from as never) as unknown as [Leaf[], Structure];
}

/** The leaves of a tree, from left to right. */
export const leavesOf = <Leaf>(from: unknown): Leaf[] => flatten<Leaf>(from)[0];

/** The tree of a structure whose leaves are given from left to right; the caller knows its type. */
export function unflatten<T>(structure: unknown, leaves: Iterable<unknown>): T {
  return tree.unflatten(structure as never, leaves as never) as unknown as T;
}

/** The tree with every array changed. */
export function mapTree<T>(from: T, change: (leaf: Traced) => Traced): T {
  return tree.map(change as never, from as never) as unknown as T;
}

/** Two trees of one structure combined array by array. */
export function zipTrees<T>(a: T, b: T, combine: (a: Traced, b: Traced) => Traced): T {
  return tree.map(combine as never, a as never, b as never) as unknown as T;
}

/** The tree with a reference to every array, so that another use may consume it. */
export function referenced<T>(from: T): T {
  return tree.ref(from as never) as unknown as T;
}

/** Gives up a reference to every array of a tree. */
export function released(from: unknown): void {
  tree.dispose(from as never);
}

/** The gradient of a scalar function of one tree. */
export function gradientOf<P>(fn: (at: P) => Traced): (at: P) => P {
  return grad(fn as never) as unknown as (at: P) => P;
}

/** The gradient of a scalar function of one tree and, beside it, what the function returns as well. */
export function gradientWith<P, Beside>(fn: (at: P) => [Traced, Beside]): (at: P) => [gradient: P, beside: Beside] {
  return grad(fn as never, { hasAux: true } as never) as unknown as (at: P) => [P, Beside];
}

/** The value of a scalar function of one tree, what it returns beside, and its gradient. */
export function valueAndGradient<P, Beside>(
  fn: (at: P) => [value: Traced, beside: Beside],
): (at: P) => [[value: Traced, beside: Beside], gradient: P] {
  return valueAndGrad(fn as never, { hasAux: true } as never) as unknown as (at: P) => [[Traced, Beside], P];
}

/** The gradients of a scalar function in all of its arguments. */
export function gradientsOf<A extends readonly unknown[]>(
  fn: (...at: A) => Traced,
): (...at: A) => { -readonly [K in keyof A]: A[K] } {
  return (...at) => {
    const argnums = at.map((_, i) => i);
    const derived = grad(fn as never, { argnums } as never) as unknown as (...at: A) => {
      -readonly [K in keyof A]: A[K];
    };
    return derived(...at);
  };
}

/**
 * The value of a scalar function and its gradients in all of its arguments. A gradient in some arguments only is taken of a
 * function of those alone: jax-js holds the others constant for good, so that a second derivative through them is zero.
 */
export function valueAndGradients<A extends readonly unknown[]>(
  fn: (...at: A) => Traced,
): (...at: A) => [value: Traced, gradients: { -readonly [K in keyof A]: A[K] }] {
  return (...at) => {
    const argnums = at.map((_, i) => i);
    const derived = valueAndGrad(fn as never, { argnums } as never) as unknown as (
      ...at: A
    ) => [Traced, { -readonly [K in keyof A]: A[K] }];
    return derived(...at);
  };
}

/** The value of a function at a tree and its derivative along a tangent there. */
export function alongTangent<P, R>(fn: (at: P) => R, at: P, tangent: P): [value: R, derivative: R] {
  return jvp(fn as never, [at] as never, [tangent] as never) as unknown as [R, R];
}

/** The value of a function at a tree and the map from cotangents of the value back to cotangents of the tree. */
export function withPullback<P, R>(fn: (at: P) => R, at: P): [value: R, pullback: (cotangent: R) => P] {
  const [value, back] = vjp(fn as never, [at] as never) as unknown as [R, (cotangent: R) => [P]];
  return [value, (cotangent) => back(cotangent)[0]];
}

/**
 * Traces a function on arguments that are known by shape and type only: its Jaxpr, the arrays that it closed over, the
 * structure of its result.
 */
export function jaxprOf<Jaxpr>(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): { readonly jaxpr: Jaxpr; readonly captured: readonly Traced[]; readonly outputs: Structure } {
  const { jaxpr, treedef } = makeJaxpr(fn as never)(...(args as never)) as unknown as {
    jaxpr: { jaxpr: Jaxpr; consts: Traced[] };
    treedef: Structure;
  };
  return { jaxpr: jaxpr.jaxpr, captured: jaxpr.consts, outputs: treedef };
}

/** A function with members, as an interface that has a call signature: what compiled functions are. */
export function callable<F extends (...args: never[]) => unknown>(
  call: (...args: never[]) => unknown,
  members: { readonly [K in Exclude<keyof F, keyof CallableFunction>]: F[K] },
): F {
  return Object.assign(call, members) as unknown as F;
}
