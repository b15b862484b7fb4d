import { numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { sumOverSamples } from "./accumulate.ts";
import { cardSized, type Executor } from "./executors/executor.ts";
import { randomKey } from "./random.ts";
import { tensor, zeros } from "./tensor.ts";

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

test("the chunk size is a function of shapes and threads alone, whatever the clock says", async () => {
  const loaded: number[] = [];
  const executor = (threads: number): Executor => ({
    name: "none",
    threads,
    async load({ examples }) {
      loaded.push(examples[1]!.shape[0]!);
      return { outputs: undefined, run: async () => [], dispose() {} };
    },
  });
  const clock = vi.spyOn(performance, "now").mockImplementation(() => {
    throw new Error("the clock was read");
  });
  const chunkFor = async (samples: number, threads: number) => {
    const dense = (weights: np.Array, x: np.Array) => np.sum(np.matmul(x, weights), 0);
    const sum = sumOverSamples(dense, { name: "dense", executor: executor(threads) });
    return await sum.chunkFor(zeros([16, 16]), zeros([samples, 16]));
  };
  try {
    expect(await Promise.all([1, 2, 4, 8, 16].map((threads) => chunkFor(128, threads)))).toEqual([32, 32, 32, 16, 8]);
    expect(await Promise.all([10, 20, 31, 32, 64, 100].map((n) => chunkFor(n, 2)))).toEqual([10, 16, 16, 8, 16, 16]);
    expect(loaded).toEqual([]); // Nothing is compiled or run to choose.
  } finally {
    clock.mockRestore();
  }
});

test("a device with a size of its own takes that many samples", async () => {
  const executor: Executor = {
    name: "card",
    sizes: cardSized,
    load: async () => ({ outputs: undefined, run: async () => [], dispose() {} }),
  };
  const sum = sumOverSamples((scale: np.Array, x: np.Array) => scale.mul(x), { name: "card's", executor });
  expect(await sum.chunkFor(tensor([1]), zeros([640, 1]))).toBe(512);
  expect(await sum.chunkFor(tensor([1]), zeros([100, 1]))).toBe(100);
});
