import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { randomKey, summedInParts, tensor } from "../../engine/index.ts";
import type { TracedParams } from "../network.ts";
import { adam, sgd } from "../optimizers/index.ts";
import { descent, type Loss, pullOf, sharedDescent, unfitted } from "./descent.ts";

type Samples = { x: Traced; y: Traced };

/** Least squares, and the sum of the residuals' signs beside it. */
const squares: Loss<Samples, { signs: Traced }> = (params, { x, y }) => {
  const residual = np.matmul(x, params.map!.weight!).sub(y);
  return [np.sum(np.square(residual.ref)), { signs: np.sum(np.sign(residual)) }];
};
const means: Loss<Samples, { signs: Traced }> = (params, samples) => {
  const count = samples.x.shape[0]!;
  const [loss, beside] = squares(params, samples);
  return [loss.mul(1 / count), beside];
};

const [n, d] = [50, 3];
const given = { x: tensor(randomKey(1).normal(n * d), [n, d]), y: tensor(randomKey(2).normal(n)) };
const start = unfitted({ map: { weight: tensor(randomKey(3).normal(d)) } }, adam());

test("a mean in one piece and one shared out over samples take the same steps", async () => {
  const whole = descent(means, adam(), { name: "whole" });
  const shared = sharedDescent(summedInParts(pullOf(squares)), adam(), { name: "shared" });
  let [a, b] = [start, start];
  for (let step = 0; step < 5; step++) {
    const [one, other] = [await whole(a, given, tensor(0.1)), await shared(b, given, tensor(0.1), 16, n)];
    expect(other.loss.item()).toBeCloseTo(one.loss.item(), 5);
    expect(other.beside.signs.item()).toBe(one.beside.signs.item());
    [a, b] = [one.state, other.state];
  }
  const [own, theirs] = [a, b].map(({ params }) => [...params.map!.weight!.data]);
  expect(theirs).toEqual(own!.map((v) => expect.closeTo(v, 5)));
  expect(own).not.toEqual([...start.params.map!.weight!.data]);
});

test("the gradient is that of least squares, and the projection comes after the step", async () => {
  const optimizer = sgd({ momentum: 0, weightDecay: 0 });
  const project = ({ map: { weight } = {} }: TracedParams) => ({ map: { weight: np.maximum(weight!, 0) } });
  const projected = await descent(means, optimizer, { name: "projected", project })(start, given, tensor(0.2));
  const w = start.params.map!.weight!.data;
  const moved = Array.from(w, (v, k) => {
    let slope = 0;
    for (let i = 0; i < n; i++) {
      const residual = [0, 1, 2].reduce((s, j) => s + given.x.data[i * d + j]! * w[j]!, 0) - given.y.data[i]!;
      slope += (2 / n) * residual * given.x.data[i * d + k]!;
    }
    return v - 0.2 * slope;
  });
  expect(moved.some((v) => v < 0)).toBe(true);
  expect([...projected.state.params.map!.weight!.data]).toEqual(moved.map((v) => expect.closeTo(Math.max(v, 0), 5)));
});
