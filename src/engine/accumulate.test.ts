import { numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { sumOverSamples } from "./accumulate.ts";
import type { Executor } from "./executors/executor.ts";
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

test("the chunk size is the fastest one although the machine paused while it was measured", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const runs = new Map<number, number>();
  const executor: Executor = {
    name: "a clock's",
    async load({ examples }) {
      const chunk = examples[1]!.shape[0]!;
      return {
        outputs: undefined,
        run: async () => [],
        sum: async (_inputs, _positions, jobs) => {
          const run = (runs.get(chunk) ?? 0) + 1;
          runs.set(chunk, run);
          // Eight at a time take the least, and once, when first measured, a hundred times as much.
          now += jobs.length * chunk * (chunk === 8 ? 1 : 2) * (chunk === 8 && run === 2 ? 100 : 1);
          return [];
        },
        dispose() {},
      };
    },
  };
  const sum = sumOverSamples((scale: np.Array, x: np.Array) => scale.mul(x), { name: "chunks by a clock", executor });
  const chosen = sum.chunkFor(tensor([1]), tensor(new Float32Array(256), [256, 1]));
  await expect(chosen.finally(() => clock.mockRestore())).resolves.toBe(8);
});
