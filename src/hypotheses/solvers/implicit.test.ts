import { lax, nn, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import golden from "../../../golden/solvers/implicit.json" with { type: "json" };
import { inOrderOf, relative } from "../../../golden/solvers/relative.ts";
import { tensor } from "../../engine/index.ts";
import { innerSgd } from "../optimizers/index.ts";
import { conjugateGradient } from "./conjugateGradient.ts";
import { type InverseHessian, implicit } from "./implicit.ts";
import type { InnerLoss } from "./innerLoss.ts";
import { paramsOf, vectorOf } from "./parameterVector.ts";
import { unrolled } from "./unroll.ts";

const { weightDecay } = golden;
const data = { images: formulaTensor([6, 5], 99), labels: formulaTensor([6, 3], 98, 0.4, 0.5) };
const cotangent = { head: { weight: formulaTensor([3, 5], 200), bias: formulaTensor([3], 201) } };
/** The golden order: weight, then bias. */
const head = (values: readonly number[]) => ({
  head: {
    weight: tensor(Float32Array.from(values.slice(0, 15)), [3, 5]),
    bias: tensor(Float32Array.from(values.slice(15))),
  },
});
const theta = head(golden.theta);

/** Logistic regression: strongly convex with weight decay. */
const logistic: InnerLoss = ({ head }, { images, labels }) => {
  const logits = lax.dot(images, head!.weight!, { lhsContractingDims: [1], rhsContractingDims: [1] });
  return np.sum(labels.mul(nn.logSoftmax(logits.add(head!.bias!)))).mul(-1);
};

const ways: InverseHessian[] = [
  { by: "conjugate-gradient", iterations: 30 },
  { by: "neumann", rate: 1, terms: 120 },
];

test.each(ways)("implicit gradient by $by is float64 PyTorch's with a dense Hessian", async (inverse) => {
  const solver = implicit(logistic, { weightDecay, inverse });
  const got = await solver.pullback(theta, data, cotangent);
  expect(got.residual).toBeLessThan(1e-5);
  expect(relative(inOrderOf(theta, got.inverse), golden.inverse)).toBeLessThan(1e-4);
  expect(relative(got.images.data, golden.images)).toBeLessThan(1e-4);
  expect(relative(got.labels.data, golden.labels)).toBeLessThan(1e-4);
});

test("unrolled to convergence, gradient descent gives the implicit gradient", async () => {
  const solver = unrolled(logistic, innerSgd({ weightDecay }));
  const start = paramsOf(new Float32Array(18), cotangent);
  const trajectory = await solver.unroll(start, data, { steps: 150, step: () => ({ rate: 1 }) });
  expect(relative(inOrderOf(theta, trajectory.final), golden.theta)).toBeLessThan(1e-5);
  const got = await solver.pullback(trajectory, cotangent);
  expect(relative(got.images.data, golden.images)).toBeLessThan(1e-4);
  expect(relative(got.labels.data, golden.labels)).toBeLessThan(1e-4);
  // The start is forgotten.
  expect(Math.hypot(...vectorOf(got.start))).toBeLessThan(1e-4 * Math.hypot(...vectorOf(cotangent)));
});

test("conjugate gradients end where curvature is not positive, and at once for zero", async () => {
  const indefinite = async (v: Float32Array) => Float32Array.of(v[0]!, -v[1]!);
  const { solution, iterations } = await conjugateGradient(indefinite, Float32Array.of(1, 2));
  expect([...solution]).toEqual([0, 0]);
  expect(iterations).toBe(1);
  expect((await conjugateGradient(indefinite, new Float32Array(2))).iterations).toBe(0);
});

test("damping adds to the Hessian's diagonal", async () => {
  const damped = implicit(logistic, { weightDecay: 0.04, damping: weightDecay - 0.04 });
  const got = await damped.pullback(theta, { ...data, common: { unused: tensor(0) } }, cotangent);
  expect(relative(inOrderOf(theta, got.inverse), golden.inverse)).toBeLessThan(1e-4);
});
