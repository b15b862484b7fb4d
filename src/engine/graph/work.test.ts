import { lax, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { multiplyAdds } from "../multiplyAdds.ts";
import { type Tensor, zeros } from "../tensor.ts";
import type { Value } from "./graph.ts";
import { workOf } from "./work.ts";

type A = np.Array;
const array = (...shape: number[]): Tensor => zeros(shape);
const convolved = (x: A, k: A) =>
  lax.convGeneralDilated(
    x,
    k,
    [1, 1],
    [
      [2, 2],
      [2, 2],
    ],
  );

test("a product of [3, 4] with [4, 5] is 60 multiply-adds", async () => {
  expect(await multiplyAdds((a: A, b: A) => np.matmul(a, b), [array(3, 4), array(4, 5)])).toBe(60);
});

test("a convolution counts outputs times channels times kernel, a kernel beyond its image by the image", async () => {
  expect(await multiplyAdds(convolved, [array(2, 3, 6, 6), array(4, 3, 5, 5)])).toBe(2 * 4 * 36 * 3 * 25);
  expect(await multiplyAdds(convolved, [array(2, 3, 3, 3), array(4, 3, 5, 5)])).toBe(2 * 4 * 9 * 3 * 9);
});

test("a convolution by a constant, however it is turned, counts nothing", async () => {
  const picked = (x: A) => {
    const kernel = np.flip(np.array(new Float32Array(27) as never, { shape: [1, 3, 3, 3] }), [2, 3]);
    return np.sum(lax.convGeneralDilated(x, kernel, [1, 1], "SAME"), 1);
  };
  expect(await multiplyAdds(picked, [array(2, 3, 6, 6)])).toBe(0);
});

test("work counts what elementwise operators read as well, literals not", () => {
  const value = (id: number): Value => ({ id, shape: [10, 7], dtype: "float32" });
  const [x, y] = [value(1), value(2)];
  const two = { literal: 2, shape: [], dtype: "float32" } as const;
  expect(
    workOf({ inputs: [x], nodes: [{ op: "mul", inputs: [x, two], params: {}, outputs: [y] }], outputs: [y] }),
  ).toBe(70);
});
