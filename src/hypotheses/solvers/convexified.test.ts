import { nn, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import golden from "../../../golden/solvers/convexified.json" with { type: "json" };
import { relative } from "../../../golden/solvers/relative.ts";
import { randomKey, tensor } from "../../engine/index.ts";
import { buildNetwork, mlp } from "../networks/index.ts";
import { convexified } from "./convexified.ts";
import type { PredictionLoss } from "./kernelRidge/ridge.ts";
import { vectorOf } from "./parameterVector.ts";

const network = buildNetwork(mlp({ depth: 1, width: 5 }), [1, 2, 3], 3);
const params = formulaParams(network.init(randomKey(0)));
const data = { images: formulaTensor([7, 1, 2, 3], 99), labels: formulaTensor([7, 3], 98) };
const real = { images: formulaTensor([5, 1, 2, 3], 97), labels: formulaTensor([5, 3], 96) };
const entropy: PredictionLoss = (h, t, { tau }) => np.sum(t.mul(nn.logSoftmax(h.mul(np.exp(tau!))))).mul(-1);
const learned = { tau: tensor(Math.fround(0.2)) };

const exact = { iterations: 60, tolerance: 1e-7 };
const solver = convexified(network, { ridge: golden.ridge, loss: entropy, inner: exact, inverse: exact });

test("the minimiser, and direct and implicit gradient, are those of float64 PyTorch's dense solves", async () => {
  const fit = await solver.fit(params, data);
  const [weight, bias] = [fit.tangent.linear1!.weight!.data, fit.tangent.linear1!.bias!.data];
  expect(relative([...weight, ...bias, ...fit.tangent.head!.bias!.data], golden.u)).toBeLessThan(1e-4);
  expect(Math.max(...fit.tangent.head!.weight!.data.map(Math.abs))).toBe(0);
  const got = await solver.lossAndGradient(fit, real, learned);
  expect(got.loss).toBeCloseTo(golden.loss, 5);
  expect(relative(got.direct.images.data, golden.direct[0]!)).toBeLessThan(1e-4);
  expect(relative(got.direct.labels.data, golden.direct[1]!)).toBeLessThan(1e-4);
  expect(relative(got.implicit.images.data, golden.implicit[0]!)).toBeLessThan(1e-4);
  expect(relative(got.implicit.labels.data, golden.implicit[1]!)).toBeLessThan(1e-4);
});

test("where it starts does not matter, and predictions are what the loss sees", async () => {
  const fit = await solver.fit(params, data);
  const again = await solver.fit(params, data, formulaParams(params));
  expect(relative(vectorOf(again.tangent), vectorOf(fit.tangent))).toBeLessThan(1e-4);
  const predictions = await solver.predict(fit, real.images);
  const [logits, targets] = [predictions.data, real.labels.data];
  let loss = 0;
  for (let i = 0; i < 5; i++) {
    const row = [0, 1, 2].map((k) => Math.exp(0.2) * logits[3 * i + k]!);
    const total = Math.log(row.reduce((a, v) => a + Math.exp(v), 0));
    row.forEach((v, k) => {
      loss -= (targets[3 * i + k]! * (v - total)) / 5;
    });
  }
  expect(loss).toBeCloseTo(golden.loss, 5);
});
