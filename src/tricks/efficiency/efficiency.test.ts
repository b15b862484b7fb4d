import fc from "fast-check";
import { expect, test } from "vitest";
import { randomKey, resolveOptions, Tensor, tensor } from "../../engine/index.ts";
import type { ProxyTrick } from "../trick.ts";
import { kmeans } from "./kmeans.ts";
import { precompression } from "./precompression.ts";
import { compiledScores, representatives } from "./representatives.ts";

const key = randomKey(8);

/** Points [n, d] around `blobs` far corners, point i at corner i mod blobs. */
function around(blobs: number, n: number, d = 6, seed = 1): Tensor {
  const data = randomKey(seed).normal(n * d);
  for (let i = 0; i < n; i++) data[i * d + ((i % blobs) % d)]! += 40 * (1 + Math.floor((i % blobs) / d));
  return tensor(data, [n, d]);
}

/** Lloyd's algorithm in float64 from the same random points, and the nearest row of every centre. */
function plainly(points: Tensor, k: number, rounds: number): number[] {
  const [n, d] = points.shape as [number, number];
  const row = (i: number) => Array.from(points.data.subarray(i * d, (i + 1) * d));
  const gap = (a: number[], b: number[]) => a.reduce((sum, v, j) => sum + (v - b[j]!) ** 2, 0);
  let centres = Array.from(key.fold("start").permutation(n, k), row);
  for (let round = 0; round < rounds; round++) {
    const own = Array.from({ length: n }, (_, i) => {
      const gaps = centres.map((c) => gap(row(i), c));
      return gaps.indexOf(Math.min(...gaps));
    });
    centres = centres.map((c, at) => {
      const members = own.flatMap((o, i) => (o === at ? [row(i)] : []));
      return members.length === 0 ? c : c.map((_, j) => members.reduce((sum, m) => sum + m[j]!, 0) / members.length);
    });
  }
  const taken = new Set<number>();
  for (const c of centres) {
    const free = Array.from({ length: n }, (_, i) => i).filter((i) => !taken.has(i));
    taken.add(free.reduce((best, i) => (gap(row(i), c) < gap(row(best), c) ? i : best)));
  }
  return [...taken];
}

const scores = compiledScores();

test("representatives are those of Lloyd's algorithm in float64", async () => {
  const points = around(5, 60);
  for (const k of [1, 3, 5, 6])
    expect(await representatives(points, k, key, { rounds: 6, scores })).toEqual(plainly(points, k, 6));
});

test("representatives are different points, as many as asked for, whatever is clustered", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 3 }),
      async (n, count, each) => {
        const copies = tensor(new Float32Array(n * 2).fill(1), [n, 2]);
        for (const points of [around(3, n, 2, n), copies]) {
          const rows = await representatives(points, count, key, { rounds: 3, each, scores });
          expect(new Set(rows).size).toBe(Math.min(n, count));
          for (const row of rows) expect(points.data[row * 2]).toBeDefined();
        }
      },
    ),
    { numRuns: 20 },
  );
});

const sizes = [40, 25];
const count = 5;

/** Positions of the steps of a run, the number of embedded images in each, and what is kept in the end. */
async function run(trick: ProxyTrick, given: object, steps: number, kept = {}, from = 0) {
  const proxy = trick.make(resolveOptions("the trick", trick.options, given as never));
  const found: number[][][] = [];
  const embedded: number[] = [];
  for (let step = from; step < steps; step++) {
    let images = 0;
    const embed = async (c: number, positions: ArrayLike<number>) => {
      images += positions.length;
      const all = around(count, sizes[c]!).data as Float32Array;
      return new Tensor(
        Float32Array.from(Array.from(positions).flatMap((i) => Array.from(all.subarray(i * 6, (i + 1) * 6)))),
        [positions.length, 6],
        "float32",
      );
    };
    kept = await proxy.choose({ step, key: key.fold(step), sizes, count, embed }, kept);
    const { positions } = kept as { positions: Tensor };
    expect(positions.shape).toEqual([sizes.length, count]);
    found.push(sizes.map((_, c) => Array.from(positions.rows(c, c + 1).data)));
    embedded.push(images);
  }
  return { found, embedded, kept };
}

test("k-means represents every cluster, and a choice serves as many steps as asked for", async () => {
  const { found, embedded } = await run(kmeans, { every: 3, rounds: 30 }, 7);
  expect(embedded).toEqual([65, 0, 0, 65, 0, 0, 65]);
  expect(found[1]).toEqual(found[0]);
  for (const classes of found)
    for (const [c, positions] of classes.entries()) {
      expect(new Set(positions).size).toBe(count);
      for (const p of positions) expect(p).toBeLessThan(sizes[c]!);
    }
  expect((await run(kmeans, { every: 1, images: 10 }, 2)).embedded).toEqual([20, 20]);
});

test("precompression embeds a class once, and steps draw from what it keeps", async () => {
  const { found, embedded } = await run(precompression, { images: 8 }, 30);
  expect(embedded[0]).toBe(65);
  expect(embedded.slice(1).every((n) => n === 0)).toBe(true);
  for (const c of sizes.keys()) expect(new Set(found.flatMap((classes) => classes[c]!)).size).toBe(8);
  const all = await run(precompression, { images: 100 }, 60);
  expect(all.embedded[0]).toBe(0);
  expect(new Set(all.found.flatMap((classes) => classes[0]!)).size).toBe(40);
});

test.each([
  ["kmeans", kmeans, { every: 3 }],
  ["precompression", precompression, { images: 8 }],
] as const)("%s goes on from what was kept", async (_, trick, given) => {
  const whole = await run(trick, given, 8);
  const half = await run(trick, given, 4);
  const rest = await run(trick, given, 8, half.kept, 4);
  expect([...half.found, ...rest.found]).toEqual(whole.found);
  expect(rest.kept).toEqual(whole.kept);
});

test("precompression of a large class works block by block", async () => {
  const n = 4500;
  const proxy = precompression.make({ images: 7, rounds: 2 });
  const batches: number[] = [];
  const embed = async (_: number, positions: ArrayLike<number>) => {
    batches.push(positions.length);
    return around(3, positions.length, 2, positions.length);
  };
  const kept = await proxy.choose({ step: 0, key, sizes: [n], count: 2, embed }, {});
  expect(batches).toEqual([1500, 1500, 1500]);
  expect(new Set(kept.class0!.data).size).toBe(7);
});
