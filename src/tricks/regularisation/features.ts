import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { MethodTraits, RegularisedSides } from "../trick.ts";

/** Terms of features look through a network. */
export const withoutNetwork = (_options: unknown, { hypotheses }: MethodTraits): string | undefined =>
  hypotheses === 0 ? "the method looks through no network" : undefined;

/** Terms that compare images of one class. */
export const alone = (imagesPerClass: number): string | undefined =>
  imagesPerClass < 2 ? "it compares images of a class with each other, and there is one" : undefined;

/** Lets go of what a term does not read. */
export function unread({ targets, accuracy }: RegularisedSides): void {
  for (const array of [targets, accuracy]) array.dispose();
}

/** Inner products of the rows of two stacks: [g, n, k] and [g, m, k] → [g, n, m]. Consumes both. */
export const products = (a: Traced, b: Traced): Traced => np.matmul(a, b.transpose([0, 2, 1]));

/** Rows of unit length, along the last axis; a row of zeros stays one. */
export function unitRows(x: Traced): Traced {
  return x.ref.div(np.sqrt(np.maximum(np.sum(np.square(x), -1, { keepdims: true }), 1e-24)));
}

/** [g, n, k] → [1, g n, k]. */
export const joined = (x: Traced): Traced => x.reshape([1, -1, x.shape[2]!]);

/** Diagonals of square matrices [g, n, n] → their sum. */
export const diagonalSum = (x: Traced): Traced => np.sum(x.mul(np.eye(x.shape[2]!)));
