import { nn, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, randomKey, type Tensor } from "../../engine/index.ts";
import { buildNetwork, mlp, oneHot, type TracedParams } from "../../hypotheses/index.ts";
import { crossEntropyOf, derivativesOf, type LinearMap, paramsOf, vectorOf } from "../../hypotheses/solvers/index.ts";
import { curvatureGap, headHessianProduct } from "./curvatureGap.ts";

/** The product with a symmetric matrix of rows. */
const product =
  (rows: readonly (readonly number[])[]): LinearMap =>
  async (v) =>
    Float32Array.from(rows, (row) => row.reduce((sum, a, j) => sum + a * v[j]!, 0));

test("the direction is the eigenvector of the largest eigenvalue of the difference, whichever sign the others have", async () => {
  // The difference is diag(1, −7, 4) turned by 30° in its first two axes.
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const gap = [
    [c * c * 1 + s * s * -7, c * s * 8, 0],
    [c * s * 8, s * s * 1 + c * c * -7, 0],
    [0, 0, 4],
  ];
  const real = [
    [3, 1, 0],
    [1, 2, 1],
    [0, 1, 5],
  ];
  const synthetic = real.map((row, i) => row.map((v, j) => v - gap[i]![j]!));
  const { vector, curvature } = await curvatureGap(product(real), product(synthetic), Float32Array.of(1, 2, 3), 3);
  expect(Array.from(vector, Math.abs)).toEqual([0, 0, 1].map((v) => expect.closeTo(v, 5)));
  expect(curvature).toBeCloseTo(5, 4);
});

test("the head's Hessian is that of the loss in the last layer alone", async () => {
  const network = buildNetwork(mlp({ depth: 1, width: 5 }), [1, 2, 3], 3);
  const params = formulaParams(network.init(randomKey(0)));
  const images = formulaTensor([7, 1, 2, 3], 50);
  const labels = oneHot(Int32Array.of(0, 1, 2, 0, 1, 2, 2), 3);
  const head = { head: params.head! };
  const direction = formulaTensor([vectorOf(head).length], 60).data as Float32Array;
  const rows = compile((p: TracedParams, x: Traced) => ({
    embedding: network.embed(p, x),
  }));
  const outputs = compile((p: TracedParams, x: Traced) => nn.softmax(network.logits(p, x), -1));
  const { embedding }: { embedding: Tensor } = await rows(params, images);
  const got = await compile(headHessianProduct)(
    paramsOf(direction, head).head!,
    embedding,
    await outputs(params, images),
  );

  // The same by the whole Hessian, along a direction that is zero elsewhere.
  const whole = Object.fromEntries(
    Object.entries(params).map(([layer, tensors]) => [
      layer,
      layer === "head" ? paramsOf(direction, head).head! : mapped(tensors),
    ]),
  );
  const derivatives = derivativesOf(crossEntropyOf(network), { name: "loss" });
  const product = paramsOf(await derivatives.hessianVector(params, vectorOf(whole), { images, labels }), params);
  for (const name of ["weight", "bias"])
    expect(Array.from(got.head[name]!.data)).toEqual(
      Array.from(product.head![name]!.data, (v) => expect.closeTo(v, 5)),
    );
});

const mapped = (tensors: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, formulaTensor(t.shape, 0, 0)]));
