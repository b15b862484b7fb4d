import { expect, test } from "vitest";
import { learnable, points } from "../../../golden/discrepancies/measure.ts";
import { Tensor } from "../../engine/index.ts";
import { mlp } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows, rowsOf } from "../measures/index.ts";
import { type Bound, boundedFunctionsIpm, hierarchy } from "./index.ts";

const d = 4;

const violated = (bounds: readonly Bound[]) => bounds.filter((b) => !b.holds);

test("the IPM over bounded functions is twice the total variation distance", () => {
  const a = points("a", [0, 0, 0, 0, 1, 1, 1, 1], d);
  expect(boundedFunctionsIpm(a, a)).toBe(0);
  expect(boundedFunctionsIpm(a, points("b", [1, 1, 1, 1, 0, 0, 0, 0], d))).toBe(0);
  expect(boundedFunctionsIpm(a, points("c", [0, 0, 0, 0, 2, 2, 2, 2], d))).toBe(1);
  expect(boundedFunctionsIpm(a, points("d", [3, 3, 3, 3], d))).toBe(2);
});

test("hierarchy: every inequality of the diagram for one pair, all hold", async () => {
  const [a, b] = [learnable(30, 90), learnable(24, 91)];
  const context = { seed: 1, network: mlp({ width: 8 }) };
  const gram = (x: Tensor, y: Tensor) => {
    const product = new Float32Array(x.shape[0]! * y.shape[0]!);
    for (let i = 0; i < x.shape[0]!; i++)
      for (let j = 0; j < y.shape[0]!; j++)
        for (let k = 0; k < 6; k++) product[i * y.shape[0]! + j]! += x.data[i * 6 + k]! * y.data[j * 6 + k]!;
    return new Tensor(product, [x.shape[0]!, y.shape[0]!], "float32");
  };
  // Any coupling's cost is at least W1: this one moves the first point to everything.
  const wasserstein1 = (p: EmpiricalMeasure, q: EmpiricalMeasure) => {
    const [x, y] = [asRows(p).data, asRows(q).data];
    let total = 0;
    for (let i = 0; i < p.labels.length; i++)
      for (let j = 0; j < q.labels.length; j++)
        total +=
          Math.hypot(...Array.from({ length: 6 }, (_, k) => x[i * 6 + k]! - y[j * 6 + k]!)) /
          (p.labels.length * q.labels.length);
    return total;
  };
  const bounds = await hierarchy(a, b, context, { steps: 60, gram, wasserstein1 });
  expect(bounds.map((x) => x.inequality)).toEqual([
    "GD <= 2·D",
    "mean of D over H <= D",
    "GD <= L·VD",
    "L·VD <= L·C·PD",
    "CD in L2 <= CD in L∞",
    "CD in L∞ <= IPM over functions bounded by 1",
    "CD in L∞ <= max ‖t‖·W1",
    "|E f − E f| <= ‖f‖·MMD",
    "|E h − E h| <= Lip(h)·W1",
  ]);
  expect(bounds.map((x) => x.basis)).toEqual([
    "construction",
    "construction",
    "theorem",
    "construction",
    "construction",
    "theorem",
    "theorem",
    "construction",
    "construction",
  ]);
  expect(violated(bounds)).toEqual([]);
  // Points beside the sample are held out: what must be estimated is estimated there.
  const sampledBounds = await hierarchy(a, b, context, { steps: 60, points: 12, gram, wasserstein1 });
  const estimated = sampledBounds.filter((x) => x.basis === "held-out").map((x) => x.inequality);
  expect(estimated).toEqual(["L·VD <= L·C·PD", "|E h − E h| <= Lip(h)·W1"]);
  expect(violated(sampledBounds.filter((x) => x.basis !== "held-out"))).toEqual([]);
  expect(bounds[0]!.left).toBeGreaterThan(0);
  const equal = await hierarchy(a, { ...a }, context, { steps: 60 });
  for (const { left } of equal.filter((x) => x.inequality !== "mean of D over H <= D")) expect(left).toBe(0);
  const few = await hierarchy(a, rowsOf(b, [0]), context, { steps: 20, points: 10 });
  expect(violated(few.filter((x) => x.basis !== "held-out"))).toEqual([]);
  await expect(hierarchy(a, points("x", [1, 2], 2), context)).rejects.toMatchObject({
    code: "shapes-differ",
    exitCode: 2,
  });
  await expect(hierarchy(a, { ...b, classes: ["one"], labels: b.labels.map(() => 0) }, context)).rejects.toMatchObject({
    code: "classes-differ",
  });
});
