import { expect, test } from "vitest";
import { randomKey, resolveOptions, Tensor } from "../../engine/index.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { queue } from "./queue.ts";
import type { Feed, HypothesisSource, Kept } from "./source.ts";

const network = buildNetwork(mlp({ width: 8, depth: 1 }), [1, 4, 4], 2);

/** Bright and dark images. */
const feed: Feed = {
  real: async (count, key) => {
    const labels = Int32Array.from(key.uniform(count), (u) => (u < 0.5 ? 0 : 1));
    const data = key.fold("noise").normal(count * 16);
    for (let i = 0; i < data.length; i++) data[i]! += labels[i >> 4]! * 4 - 2;
    return { images: new Tensor(data, [count, 1, 4, 4], "float32"), labels };
  },
  synthetic: () => Promise.reject(new Error("it trains on T")),
  mix: () => {
    throw new Error("it does not mix");
  },
};

const made = (given: object): HypothesisSource =>
  queue.make(resolveOptions("queue", queue.options, given as never), network, randomKey(5));
const small = { networks: 3, start: 2, every: 2, trained: 1, trainingSteps: 2, batch: 10 };

async function run(source: HypothesisSource, steps: number, from = 0, start: Kept = {}) {
  let kept = start;
  const seen = [];
  for (let step = from; step < steps; step++) {
    const now = await source.at(step, 2, kept, feed);
    seen.push({ hypotheses: now.hypotheses, before: kept });
    kept = await source.after(step, now.hypotheses, now.kept, feed);
  }
  return { seen, kept };
}

const numbers = (kept: Kept) => [...new Set(Object.keys(kept).map((path) => Number.parseInt(path, 10)))].sort();

test("trained networks are kept while they are in the queue, the oldest leave", async () => {
  const { seen, kept } = await run(made(small), 12);
  // 2 at first, 6 more by step 12; the latest 3 are inside.
  for (const k of numbers(kept)) expect([5, 6, 7]).toContain(k);
  expect(numbers(kept).length).toBeGreaterThan(0);
  for (const { before } of seen) expect(numbers(before).length).toBeLessThanOrEqual(3);
});

test("accuracy is that of its training so far; an untrained network has none", async () => {
  const { seen } = await run(made({ ...small, networks: 4, every: 100, trainingSteps: 6, learningRate: 0.1 }), 8);
  const first = seen[0]!.hypotheses;
  expect(first.map((h) => h.accuracy)).toEqual([0, 0]);
  const last = seen.at(-1)!;
  for (const { accuracy } of last.hypotheses) {
    expect(accuracy).toBeGreaterThan(0.8);
    expect(accuracy).toBeLessThan(1);
  }
  const [shown, right] = last.before["0/tally"]!.data as Float32Array;
  expect(last.hypotheses.map((h) => h.accuracy)).toContain(right! / shown!);
});

test("a network that was not trained in between is the same object, and a trained one is not", async () => {
  const { seen } = await run(made({ ...small, start: 2, every: 100 }), 6);
  const objects = seen.map(({ hypotheses }) => new Set(hypotheses));
  for (let i = 1; i < objects.length; i++) {
    const again = [...objects[i]!].filter((h) => objects[i - 1]!.has(h));
    expect(again).toHaveLength(1); // two networks, of which one is trained between two steps
  }
});

test("a run goes on from what was kept as if it had not stopped", async () => {
  const whole = await run(made(small), 8);
  const half = await run(made(small), 4);
  const rest = await run(made(small), 8, 4, half.kept);
  expect(rest.kept).toEqual(whole.kept);
  expect(rest.seen.map((s) => s.hypotheses)).toEqual(whole.seen.slice(4).map((s) => s.hypotheses));
});

test("more hypotheses than it has are made up by fresh ones", async () => {
  const { hypotheses } = await made({ ...small, start: 1 }).at(0, 3, {}, feed);
  expect(hypotheses).toHaveLength(3);
  expect(new Set(hypotheses.map((h) => String(h.params.head!.weight!.data))).size).toBe(3);
});
