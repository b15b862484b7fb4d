import { numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sumOverSamples } from "./accumulate.ts";
import { randomKey } from "./random.ts";
import { tensor } from "./tensor.ts";

const moments = sumOverSamples((w: { scale: np.Array }, s: { x: np.Array; y: np.Array }) => ({
  first: np.sum(s.x.ref.mul(w.scale), 0),
  cross: np.matmul(s.x.transpose(), s.y),
}));

test("a sum in chunks does not depend on the chunk size", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 9 }), async (count, chunk) => {
      const x = randomKey(count).normal(count * 3);
      const y = randomKey(count)
        .fold(1)
        .normal(count * 2);
      const { first, cross } = await moments(
        { scale: tensor([2]) },
        { x: tensor(x, [count, 3]), y: tensor(y, [count, 2]) },
        chunk,
      );
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += 2 * x[3 * i + j]!;
        expect(first.data[j]).toBeCloseTo(sum, 4);
        for (let k = 0; k < 2; k++) {
          let product = 0;
          for (let i = 0; i < count; i++) product += x[3 * i + j]! * y[2 * i + k]!;
          expect(cross.data[2 * j + k]).toBeCloseTo(product, 4);
        }
      }
    }),
    { numRuns: 12 },
  );
});

test("sample arrays of different lengths are refused", async () => {
  const call = moments(
    { scale: tensor([1]) },
    { x: tensor(new Float32Array(6), [2, 3]), y: tensor(new Float32Array(2), [1, 2]) },
  );
  await expect(call).rejects.toThrow("disagree");
});
