import { numpy as np, type Array as Traced } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test } from "vitest";
import { randomKey } from "./random.ts";
import { samplesAtATime, sumsAndRows } from "./sumsAndRows.ts";
import { type Tensor, tensor } from "./tensor.ts";

type Samples = { x: Traced; y: Traced };

const both = sumsAndRows(
  ({ w }: { w: Traced }, { x, y }: Samples) => {
    const products = np.matmul(x, w);
    return { sums: { total: np.sum(products.ref, 0), count: np.sum(y.ref) }, rows: products.add(y.reshape([-1, 1])) };
  },
  { name: "test" },
);

test("sums add up and rows keep their places, whatever the size of a part", async () => {
  const w = tensor(randomKey(1).normal(6), [3, 2]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), async (n, part) => {
      const x = tensor(randomKey(n).normal(3 * n), [n, 3]);
      const y = tensor(Float32Array.from({ length: n }, (_, i) => i));
      const { sums, rows } = (await both({ w } as never, { x, y } as never, part)) as unknown as {
        sums: { total: Tensor; count: Tensor };
        rows: Tensor;
      };
      expect(rows.shape).toEqual([n, 2]);
      expect(sums.count.item()).toBe((n * (n - 1)) / 2);
      for (const c of [0, 1]) {
        let total = 0;
        for (let i = 0; i < n; i++) {
          const product = [0, 1, 2].reduce((s, k) => s + x.data[3 * i + k]! * w.data[2 * k + c]!, 0);
          expect(rows.data[2 * i + c]!).toBeCloseTo(product + i, 5);
          total += product;
        }
        expect(sums.total.data[c]!).toBeCloseTo(total, 4);
      }
    }),
    { numRuns: 30 },
  );
});

test("parts are even in number where the count allows, of a few samples each, and never none", () => {
  expect([1, 2, 3, 4, 7, 10, 20, 50, 100, 128, 500, 1000].map(samplesAtATime)).toEqual([
    1, 1, 2, 2, 4, 5, 10, 5, 10, 8, 10, 10,
  ]);
  for (let n = 1; n < 300; n++) expect(samplesAtATime(n)).toBeGreaterThan(0);
});

test("no samples, or arrays of different numbers of them, are refused", async () => {
  const call = (n: number, m: number) =>
    both(
      { w: tensor([1, 2, 3, 4, 5, 6], [3, 2]) } as never,
      { x: tensor(new Float32Array(3 * n), [n, 3]), y: tensor(new Float32Array(m)) } as never,
    );
  await expect(call(0, 0)).rejects.toThrow("no samples");
  await expect(call(2, 3)).rejects.toThrow("disagree");
});
