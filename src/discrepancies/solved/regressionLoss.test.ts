import { grad, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile, randomKey, resolveOptions, type Tensor, tensor } from "../../engine/index.ts";
import { oneHot } from "../../hypotheses/index.ts";
import { labelMargin, regressionLoss } from "./regressionLoss.ts";

const [n, classes] = [5, 4];
const made = (given: object) =>
  regressionLoss.make(resolveOptions("the criterion", regressionLoss.options, given as never));
const labels = tensor(randomKey(1).normal(n * classes), [n, classes]);
const outputs = tensor(randomKey(2).normal(n * classes), [n, classes]);
const targets = oneHot(Int32Array.of(0, 3, 1, 2, 2), classes);

test("a label's margin counts up to its bound, and its gradient is the slope", () => {
  const wide = labelMargin(labels, 100);
  const rows = Array.from({ length: n }, (_, i) => [...labels.data.slice(i * classes, (i + 1) * classes)]);
  const gaps = rows.map((row) => row.sort((a, b) => b - a)).map(([a, b]) => a! - b!);
  expect(wide.loss).toBeCloseTo(-gaps.reduce((a, b) => a + b) / n, 6);
  const middle = [...gaps].sort((a, b) => a - b)[2]!;
  const bound = (middle + 0.01) * classes;
  expect(labelMargin(labels, bound).loss).toBeCloseTo(
    -gaps.reduce((sum, gap) => sum + Math.min(gap, bound / classes), 0) / n,
    6,
  );
  const { gradient } = labelMargin(labels, bound);
  const h = 1e-3;
  gradient.data.forEach((g, i) => {
    const at = (by: number) => {
      const moved = (labels.data as Float32Array).slice();
      moved[i] = moved[i]! + by;
      return labelMargin(tensor(moved, labels.shape), bound).loss;
    };
    expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(g, 3);
  });
});

test("squared error is against centred targets; tempered cross-entropy moves with its temperature", async () => {
  const squared = compile((h: Traced, y: Traced) => made({}).loss(h, y, {}));
  const wanted = (outputs.data as Float32Array).reduce(
    (sum, v, i) => sum + 0.5 * (v - targets.data[i]! + 1 / classes) ** 2,
    0,
  );
  expect(((await squared(outputs, targets)) as unknown as Tensor).item()).toBeCloseTo(wanted, 4);

  const { loss, learned } = made({ loss: "tempered", rate: 7 });
  expect(learned.temperature).toEqual({ initial: tensor(0), rate: 7 });
  const entropy = (tau: number): number => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      const row = [...outputs.data.slice(i * classes, (i + 1) * classes)].map((v) => Math.exp(tau) * v);
      const lse = Math.log(row.reduce((a, v) => a + Math.exp(v), 0));
      row.forEach((v, k) => {
        total -= targets.data[i * classes + k]! * (v - lse);
      });
    }
    return total;
  };
  const both = compile((h: Traced, y: Traced, tau: Traced) => ({
    value: loss(h.ref, y.ref, { temperature: tau.ref }),
    slope: grad((t: Traced) => loss(h, y, { temperature: t }))(tau) as Traced,
  }));
  const got = (await both(outputs, targets, tensor(0.3))) as unknown as Record<string, Tensor>;
  expect(got.value!.item()).toBeCloseTo(entropy(0.3), 4);
  expect(got.slope!.item()).toBeCloseTo((entropy(0.301) - entropy(0.299)) / 0.002, 3);
});
