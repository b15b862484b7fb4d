import { expect, test } from "vitest";
import golden from "../../../golden/discrepancies/wasserstein.json" with { type: "json" };
import { randomKey, tensor } from "../../engine/index.ts";
import { barycentreOf, freeSupportBarycentre } from "./barycentre.ts";
import { wassersteinDistance } from "./exact.ts";

const x = { points: tensor(golden.x, [14, 3]), weights: Float64Array.from(golden.a) };
const y = { points: tensor(golden.y, [11, 3]), weights: Float64Array.from(golden.b) };
const start = tensor(golden.barycentre.start, [4, 3]);
const key = randomKey(1);

test("POT: barycentres of one and of two measures from the same atoms", async () => {
  const one = await freeSupportBarycentre(x.points, x.weights, 4, { key, start, tolerance: 1e-14 });
  const two = await barycentreOf([x, y], [0.3, 0.7], 4, { key, start, tolerance: 1e-14 });
  for (const [found, expected] of [
    [one, golden.barycentre.one],
    [two, golden.barycentre.two],
  ] as const)
    for (const [e, value] of expected.entries()) expect(Math.abs(found.atoms.data[e]! - value)).toBeLessThan(1e-5);
});

test("its cost is the squared distance, and falls with the number of atoms to zero", async () => {
  let last = Number.POSITIVE_INFINITY;
  for (const k of [1, 3, 7]) {
    const { atoms, weights, cost } = await freeSupportBarycentre(x.points, undefined, k, { key });
    const distance = await wassersteinDistance({ points: x.points }, { points: atoms, weights });
    expect(cost).toBeCloseTo(distance ** 2, 5);
    expect(cost).toBeLessThan(last);
    last = cost;
  }
  expect((await freeSupportBarycentre(x.points, undefined, 14, { key })).cost).toBeCloseTo(0, 10);
});

test("one atom is the mean", async () => {
  const { atoms } = await freeSupportBarycentre(x.points, x.weights, 1, { key });
  for (let q = 0; q < 3; q++) {
    const mean = golden.a.reduce((s, w, i) => s + w * golden.x[3 * i + q]!, 0);
    expect(atoms.data[q]).toBeCloseTo(mean, 5);
  }
});

test("learned weights bring the atoms nearer: two clusters of one and three quarters", async () => {
  const points = tensor(
    Float32Array.from(randomKey(5).normal(80), (v, e) => 0.1 * v + (e < 20 ? 0 : 10)),
    [40, 2],
  );
  const between = tensor([2, 2, 7, 7], [2, 2]);
  const uniform = await freeSupportBarycentre(points, undefined, 2, { key, start: between });
  const learned = await freeSupportBarycentre(points, undefined, 2, {
    key,
    start: between,
    iterations: 30,
    weightSteps: 30,
    weightRate: 2,
  });
  expect(learned.cost).toBeLessThan(0.1 * uniform.cost);
  const weights = [...learned.weights].sort();
  expect(weights[0]).toBeCloseTo(0.25, 2);
});

test("the same key, the same atoms", async () => {
  const run = () => freeSupportBarycentre(x.points, undefined, 3, { key });
  expect((await run()).atoms).toEqual((await run()).atoms);
});

test.each([0, 15, 1.5])("k = %d of 14 points is refused", async (k) => {
  await expect(freeSupportBarycentre(x.points, undefined, k, { key })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("1 to 14"),
  });
});
