import { nn, numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../../../golden/hypotheses/formula.ts";
import { relative } from "../../../../golden/solvers/relative.ts";
import golden from "../../../../golden/solvers/ridge.json" with { type: "json" };
import { randomKey, type Tensor, tensor } from "../../../engine/index.ts";
import { featureKernel } from "../../kernels/featureMap.ts";
import { exponentialKernel, fullyConnectedKernel, type Kernel } from "../../kernels/index.ts";
import { factored } from "../choleskySolve.ts";
import { kernelRidge } from "./kernelRidge.ts";
import type { KernelRidgeOptions, PredictionLoss } from "./ridge.ts";

const [m, b, d, k, f] = [12, 9, 20, 3, 7];

const kernels: { readonly [name: string]: Kernel } = {
  ntk: fullyConnectedKernel("ntk"),
  features: featureKernel("tanh features", { w: formulaTensor([d, f], 95, 0.3) }, (parameters, x) =>
    np.tanh(np.matmul(x, (parameters as { w: typeof x }).w)),
  ) as Kernel,
};

const entropy: PredictionLoss = (h, t, { tau }) => np.sum(t.mul(nn.logSoftmax(h.mul(np.exp(tau!))))).mul(-1);

function points(twins = false): { images: Tensor; labels: Tensor } {
  const images = formulaTensor([m, d], 99);
  const half = (m * d) / 2;
  if (twins) {
    const shift = formulaTensor([m / 2, d], 94, 0.1);
    for (let i = 0; i < half; i++) images.data[half + i] = images.data[i]! + shift.data[i]!;
  }
  return { images, labels: formulaTensor([m, k], 98) };
}

const real = { images: formulaTensor([b, d], 97), labels: formulaTensor([b, k], 96) };

describe.each(golden)("$case.name, against float64 PyTorch", ({ case: case_, ...expected }) => {
  const { ridge, loss } = case_;
  const learned = loss === "entropy" ? { tau: tensor(Math.fround(0.2)) } : undefined;
  const precision = case_.twins ? "float64" : "float32";
  const options: KernelRidgeOptions = { ridge, scale: case_.scale as "trace", precision };
  const solver = kernelRidge(kernels[case_.kernel]!, loss === "entropy" ? { ...options, loss: entropy } : options);

  test("predictions, loss and gradient", async () => {
    const fit = await solver.fit(points(case_.twins));
    const predictions = await solver.predict(fit, real.images);
    const got = await solver.lossAndGradient(fit, real, learned);
    expect(relative(predictions.data, expected.predictions)).toBeLessThan(1e-4);
    expect(Math.abs(got.loss / expected.loss - 1)).toBeLessThan(1e-4);
    expect(relative(got.images.data, expected.images)).toBeLessThan(1e-4);
    expect(relative(got.labels.data, expected.labels)).toBeLessThan(1e-4);
    if (learned) expect(got.learned.tau!.item()).toBeCloseTo(expected.tau, 5);
  });
});

test.each(["ntk", "nngp"] as const)(
  "as a function of one angle the %s is what it is of products, on T that holds S",
  async (limit) => {
    const kernel = fullyConnectedKernel(limit);
    const data = points();
    const images = tensor(Float32Array.from([...data.images.data, ...real.images.data]), [m + b, d]);
    const labels = tensor(Float32Array.from([...data.labels.data, ...real.labels.data]), [m + b, k]);
    const both = [kernel, { ...kernel, angular: undefined }].map(async (each) => {
      const solver = kernelRidge(each, { ridge: 0.01 });
      return solver.lossAndGradient(await solver.fit(data), { images, labels });
    });
    const [byAngle, byProducts] = await Promise.all(both);
    expect(byAngle!.loss).toBeCloseTo(byProducts!.loss, 5);
    expect(relative(byAngle!.images.data, byProducts!.images.data)).toBeLessThan(1e-4);
    expect(relative(byAngle!.labels.data, byProducts!.labels.data)).toBeLessThan(1e-4);
  },
);

test("the solve is right to float64, at sizes that are no multiple of a tile too", () => {
  for (const n of [1, 2, 3, 6, 37]) {
    const x = randomKey(n).normal(n * n);
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        for (let c = 0; c < n; c++) a[i * n + j] = a[i * n + j]! + x[i * n + c]! * x[j * n + c]!;
        if (i === j) a[i * n + j] = a[i * n + j]! + 0.5;
      }
    const wanted = randomKey(100 + n).normal(2 * n);
    const right = new Float64Array(2 * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (const c of [0, 1]) right[2 * i + c] = right[2 * i + c]! + a[i * n + j]! * wanted[2 * j + c]!;
    expect(relative(factored(a, n, 0).solve(right, 2), wanted)).toBeLessThan(1e-11);
  }
});

test("a matrix that is singular for its rounding gets a ridge; one that is not positive definite is refused", async () => {
  const ones = new Float32Array(9).fill(1);
  expect(factored(ones, 3, 0).ridge).toBeGreaterThan(0);
  expect(() => factored([1, 2, 2, 1], 2, 0)).toThrow("not positive definite");
  const solver = kernelRidge(exponentialKernel(2, 0.1) as Kernel);
  const { images, labels } = points();
  const broken = tensor(Float32Array.from(images.data).fill(Number.NaN, 0, 1), [m, d]);
  await expect(solver.fit({ images: broken, labels })).rejects.toMatchObject({ code: "ill-conditioned", exitCode: 3 });
});
