import type { Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import golden from "../../../golden/tricks/hallucinated.json" with { type: "json" };
import { compile, randomKey, resolveOptions, Tensor, valueAndGradient, valueAndGradients } from "../../engine/index.ts";
import { oneHot, type TracedParams } from "../../hypotheses/index.ts";
import { unitRows } from "../regularisation/features.ts";
import { supervisedContrast } from "./supervisedContrast.ts";
import { unlikeness } from "./unlikeness.ts";

const classes = 3;
const labels = Int32Array.of(0, 0, 1, 1, 2, 2);
const twice = oneHot(Int32Array.of(...labels, ...labels), classes);
const opponent = unlikeness.make(resolveOptions("unlikeness", unlikeness.options, { width: 8, depth: 2 }), {
  shape: [1, 8, 8],
  classes,
  renderings: 2,
});
const params = formulaParams(opponent.init(randomKey(0)));

/** Both renderings of every sample, one after the other. */
const images = (() => {
  const [a, b] = [33, 34].map((t) => formulaTensor([6, 1, 8, 8], t));
  const rows = Array.from({ length: 6 }, (_, i) => [a!.rows(i, i + 1), b!.rows(i, i + 1)]).flat();
  return Tensor.concat(rows);
})();
const targets = oneHot(
  Int32Array.from({ length: 12 }, (_, i) => labels[Math.floor(i / 2)]!),
  classes,
);
const draws = {
  first: new Tensor(Int32Array.of(0, 2, 4, 6, 8, 10), [6], "int32"),
  second: new Tensor(Int32Array.of(1, 3, 5, 7, 9, 11), [6], "int32"),
};
type Draws = { first: Traced; second: Traced };

/** The largest gap beside the largest entry. */
function gap(found: ArrayLike<number>, wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  return wanted.reduce((most, g, i) => Math.max(most, Math.abs(g - found[i]!)), 0) / largest;
}

test("supervised contrast and its gradient are PyTorch's in float64", async () => {
  const run = compile((rows: Traced, own: Traced) =>
    valueAndGradients((r: Traced) => supervisedContrast(unitRows(r), own, 0.07))(rows),
  );
  const [loss, [gradient]] = await run(formulaTensor([12, 7], 31) as never, twice as never);
  const { data } = gradient as unknown as Tensor;
  expect((loss as unknown as Tensor).item() / golden.contrast.loss).toBeCloseTo(1, 5);
  expect(gap(data, golden.contrast.gradient)).toBeLessThan(1e-4);
});

test("the term and its gradient in both views are PyTorch's in float64", async () => {
  const run = compile((p: TracedParams, x: Traced, y: Traced, drawn: Draws) =>
    valueAndGradients((own: Traced) => opponent.term(p, { images: own, targets: y, draws: drawn }))(x),
  );
  const [loss, [gradient]] = await run(params as never, images as never, targets as never, draws as never);
  expect((loss as unknown as Tensor).item()).toBeCloseTo(golden.term.loss, 6);
  const found = gradient as unknown as Tensor;
  for (const [view, wanted] of golden.term.gradients.entries()) {
    const own = found.take(Int32Array.from({ length: 6 }, (_, i) => 2 * i + view));
    expect(gap(own.data, wanted)).toBeLessThan(1e-4);
  }
});

test("the extractor's loss and its gradient in every weight are PyTorch's in float64", async () => {
  const run = compile((p: TracedParams, x: Traced, y: Traced, drawn: Draws) => {
    const loss = (own: TracedParams): [Traced, object] => [
      opponent.loss(own, { images: x, targets: y, draws: drawn }),
      {},
    ];
    const [[value], gradient] = valueAndGradient(loss)(p);
    return { value, gradient };
  });
  const { value, gradient } = (await run(
    params as never,
    images as never,
    targets as never,
    draws as never,
  )) as unknown as { value: Tensor; gradient: Record<string, { weight: Tensor; bias: Tensor }> };
  expect(value.item() / golden.extractor.loss).toBeCloseTo(1, 5);
  const leaves = Object.values(gradient).flatMap(({ weight, bias }) => [weight, bias]);
  expect(leaves).toHaveLength(golden.extractor.gradients.length);
  const largest = Math.max(...golden.extractor.gradients.flat().map(Math.abs));
  for (const [i, wanted] of golden.extractor.gradients.entries())
    for (const [j, g] of wanted.entries()) expect(Math.abs(g - leaves[i]!.data[j]!) / largest).toBeLessThan(1e-4);
});

test("two renderings are drawn by key, the same two of every sample, never one twice", () => {
  const many = unlikeness.make(resolveOptions("unlikeness", unlikeness.options, { width: 4, depth: 1 }), {
    shape: [1, 8, 8],
    classes,
    renderings: 4,
  });
  const seen = new Set<string>();
  for (let k = 0; k < 40; k++) {
    const { first, second } = many.draws(12, randomKey(k)) as { first: Tensor; second: Tensor };
    const [a, b] = [first.data[0]!, second.data[0]!];
    expect(a).not.toBe(b);
    expect([...first.data]).toEqual([a, a + 4, a + 8]);
    expect([...second.data]).toEqual([b, b + 4, b + 8]);
    seen.add(`${a},${b}`);
  }
  expect(seen.size).toBeGreaterThan(8);
  expect(many.draws(12, randomKey(5))).toEqual(many.draws(12, randomKey(5)));
});
