import { numpy as np, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { randomKey } from "./random.ts";
import { summedInParts } from "./summedInParts.ts";
import { type Tensor, tensor } from "./tensor.ts";

const n = 23;
const key = randomKey(5);
const [x, y] = ["x", "y"].map((name) => tensor(key.fold(name).normal(n * 4), [n, 4])) as [Tensor, Tensor];
const w = tensor(key.fold("w").normal(4), [4]);

/** Σ over samples of sin(x · w) y, and y's own sum. */
const statistic = (fixed: { w: Traced }, { x, y }: { x: Traced; y: Traced }) => ({
  products: np.sum(np.sin(np.dot(x, fixed.w)).reshape([-1, 1]).mul(y.ref), 0),
  own: np.sum(y, 0),
});

/** A nonlinear function of the sums and its gradient in the samples. */
const outer = (sums: typeof statistic) => (w: Traced, x: Traced, y: Traced) => {
  const [value, gradient] = valueAndGrad((seen: Traced) => {
    const { products, own } = sums({ w }, { x: seen, y });
    return np.sum(np.square(products.mul(own)));
  })(x);
  return { value, gradient };
};

test.each([1, 5, 8, 23, 100])("parts of at most %i samples change neither value nor gradient", async (most) => {
  const evaluate = (sums: typeof statistic) =>
    compile(outer(sums))(w as never, x as never, y as never) as unknown as Promise<{ value: Tensor; gradient: Tensor }>;
  const [whole, parted] = [await evaluate(statistic), await evaluate(summedInParts(statistic, most))];
  expect(parted.value.item() / whole.value.item()).toBeCloseTo(1, 5);
  const scale = Math.max(...whole.gradient.data.map(Math.abs));
  const error = Math.max(...whole.gradient.data.map((v, i) => Math.abs(v - parted.gradient.data[i]!)));
  expect(error).toBeLessThan(1e-5 * scale);
});
