import { type numpy as np, vjp } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile, randomKey, type Tensor, tensor } from "../../engine/index.ts";
import {
  augmentationTensors,
  augmentOnHost,
  augmentTraced,
  drawParameters,
  identityDraw,
  operators,
  parseStrategy,
} from "./index.ts";

const shape = [2, 6, 6] as const;
const images = randomKey(1).normal(3 * 2 * 72);
const apply = compile((x: np.Array, d: never) => augmentTraced(x, d));

test.each(operators)("%s: the traced form, the host form and the adjoint agree", async (operator) => {
  const draws = [0, 1, 2].map((i) => drawParameters(randomKey(7).fold(operator).fold(i), operator, 6, 6));
  const tables = augmentationTensors(draws, 6, 6);
  const traced = (await apply(tensor(images, [3, 2, ...shape]), tables as never)) as unknown as Tensor;
  for (let g = 0; g < 3; g++) {
    const host = augmentOnHost(images.subarray(g * 144, (g + 1) * 144), shape, [draws[g]!]);
    host.forEach((v, i) => {
      expect(Math.abs(v - traced.data[g * 144 + i]!)).toBeLessThan(1e-5);
    });
  }
  const zero = (await apply(
    tensor(new Float32Array(images.length), [3, 2, ...shape]),
    tables as never,
  )) as unknown as Tensor;
  const adjoint = compile((x: np.Array, y: np.Array, d: never) => vjp((z: np.Array) => augmentTraced(z, d), [x])[1](y));
  const y = randomKey(2).normal(images.length);
  const [back] = (await adjoint(
    tensor(images, [3, 2, ...shape]),
    tensor(y, [3, 2, ...shape]),
    tables as never,
  )) as unknown as [Tensor];
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, i) => s + v * b[i]!, 0);
  const linear = Float32Array.from(traced.data, (v, i) => v - zero.data[i]!);
  expect(dot(linear, y)).toBeCloseTo(dot(images, back.data), 2);
});

test.each(operators)("%s: images together on the host are what they are one by one", (operator) => {
  // Six planes: four at a time and two after them.
  for (const colourFirst of [false, true]) {
    const draw = { ...drawParameters(randomKey(8).fold(operator), operator, 6, 6), colourFirst };
    const apart = [0, 1, 2].flatMap((n) => [
      ...augmentOnHost(images.subarray(n * 72, (n + 1) * 72), [2, 6, 6], [draw]),
    ]);
    const before = images.slice();
    const out = new Float32Array(216);
    augmentOnHost(images.subarray(0, 216), [2, 6, 6], [draw], out);
    expect([...out]).toEqual(apart);
    expect(images).toEqual(before);
    expect(augmentOnHost(images.subarray(0, 216), [2, 6, 6], [draw, draw, draw])).toEqual(out);
  }
});

test("no operator is the identity", () => {
  expect(augmentOnHost(images, shape, [identityDraw])).toEqual(images);
  expect(parseStrategy("none")).toEqual([]);
  expect(() => parseStrategy("color_croop")).toThrow(/croop/);
});
