import { expect, test } from "vitest";
import { randomKey, Tensor } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { dot, vectorOf } from "../solvers/parameterVector.ts";
import { coordinatesOf, paramsAt, spanOf } from "./subspace.ts";

const point = (seed: number): Params => {
  const key = randomKey(seed);
  return {
    conv1: { weight: new Tensor(key.fold("w").normal(12), [3, 2, 2], "float32") },
    head: {
      weight: new Tensor(key.fold("h").normal(6), [2, 3], "float32"),
      bias: new Tensor(key.normal(2), [2], "float32"),
    },
  };
};
/** States that move a little, as training moves them. */
const path = (length: number, step: number): Params[] => {
  const states = [point(0)];
  for (let i = 1; i < length; i++) states.push(sum(states.at(-1)!, point(i), step));
  return states;
};
const sum = (a: Params, b: Params, factor: number): Params =>
  Object.fromEntries(
    Object.entries(a).map(([layer, own]) => [
      layer,
      Object.fromEntries(
        Object.entries(own).map(([name, t]) => {
          const other = b[layer]![name]!.data;
          return [
            name,
            new Tensor(
              Float32Array.from(t.data, (v, i) => v + factor * other[i]!),
              t.shape,
              "float32",
            ),
          ];
        }),
      ),
    ]),
  );
const largestGap = (a: Params, b: Params) => {
  const [x, y] = [vectorOf(a), vectorOf(b)];
  return x.reduce((most, v, i) => Math.max(most, Math.abs(v - y[i]!)), 0);
};
const vectors = (basis: Params, count: number) =>
  Array.from({ length: count }, (_, k) =>
    paramsAt(
      new Tensor(
        Float32Array.from({ length: count }, (_, j) => Number(j === k)),
        [count],
        "float32",
      ),
      basis,
    ),
  ).map(vectorOf);

test("the basis is orthonormal and gives every state back from its coordinates", () => {
  const states = path(5, 0.01);
  const { basis, coordinates } = spanOf(states);
  expect(coordinates.shape).toEqual([5, 5]);
  expect(basis.conv1!.weight!.shape).toEqual([5, 3, 2, 2]);
  const own = vectors(basis, 5);
  own.forEach((a, i) => {
    own.forEach((b, j) => {
      expect(dot(a, b)).toBeCloseTo(Number(i === j), 5);
    });
  });
  states.forEach((state, i) => {
    expect(largestGap(paramsAt(coordinates.rows(i, i + 1), basis), state)).toBeLessThan(1e-5);
  });
});

test("projection leaves the span alone, and what it takes away is orthogonal to it", () => {
  const { basis } = spanOf(path(4, 0.1));
  const outside = point(99);
  const projected = paramsAt(coordinatesOf(outside, basis), basis);
  expect(largestGap(paramsAt(coordinatesOf(projected, basis), basis), projected)).toBeLessThan(1e-5);
  const rest = vectorOf(sum(outside, projected, -1));
  expect(dot(rest, rest)).toBeGreaterThan(0.1);
  for (const b of vectors(basis, 4)) expect(dot(rest, b)).toBeCloseTo(0, 5);
});

test("states that add nothing add no direction", () => {
  const [a, b] = path(2, 0.1) as [Params, Params];
  const { basis, coordinates } = spanOf([a, a, b, sum(a, b, -1)]);
  expect(coordinates.shape).toEqual([4, 2]);
  expect(basis.head!.bias!.shape).toEqual([2, 2]);
});
