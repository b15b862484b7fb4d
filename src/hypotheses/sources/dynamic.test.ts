import { expect, test } from "vitest";
import { randomKey, resolveOptions, tensor } from "../../engine/index.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { dynamic } from "./dynamic.ts";
import type { Feed, Kept } from "./source.ts";

/** Two classes, one bright above and one below. */
const images = tensor(
  Float32Array.from({ length: 12 * 16 }, (_, i) => (i % 16 < 8 === (Math.floor(i / 16) % 2 === 0) ? 1 : -1)),
  [12, 1, 4, 4],
);
const labels = Int32Array.from({ length: 12 }, (_, i) => i % 2);
let tested = 0;
const feed: Feed = {
  async real() {
    tested++;
    return { images, labels };
  },
  synthetic: async () => ({ images, labels }),
  mix: (x, y) => ({ images: x, targets: y }),
};

/** Networks' numbers at the start of every step, and accuracies measured in each. */
async function run(options: object, steps: number) {
  const given = resolveOptions("source", dynamic.options, options as never);
  const source = dynamic.make(given, buildNetwork(mlp({ depth: 1, width: 4 }), [1, 4, 4], 2), randomKey(1));
  let kept: Kept = {};
  const seen: { number: number; measured: number }[] = [];
  for (let step = 0; step < steps; step++) {
    const before = tested;
    const { hypotheses } = await source.at(step, 1, kept, feed);
    const number = kept.number?.data[0] ?? 0;
    kept = await source.after(step, hypotheses, kept, feed);
    seen.push({ number, measured: tested - before });
  }
  return seen;
}

test("a network makes room for a new one when its accuracies have settled, or after its last step", async () => {
  const settled = await run({ window: 2, settled: 1, epochs: 1, learningRate: 1e-9 }, 6);
  expect(settled.map((s) => s.number)).toEqual([0, 0, 1, 1, 2, 2]);
  const bounded = await run({ window: 2, settled: 0, every: 3, epochs: 1 }, 6);
  expect(bounded.map((s) => s.number)).toEqual([0, 0, 0, 1, 1, 1]);
});

test("training pauses when it has moved the accuracy, or after its last pass", async () => {
  const still = await run({ window: 2, settled: 0, moved: 0.5, epochs: 5, learningRate: 1e-9 }, 1);
  expect(still[0]!.measured).toBe(1 + 5);
  const moved = await run({ window: 3, settled: 0, moved: 0, epochs: 40, learningRate: 0.03 }, 1);
  expect(moved[0]!.measured).toBeLessThan(1 + 40);
});
