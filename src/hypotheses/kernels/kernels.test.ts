import { grad, numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { AttarError, compile, randomKey, type Tensor, tensor } from "../../engine/index.ts";
import { buildNetwork, convnet, mlp } from "../networks/index.ts";
import { convolutionalKernel } from "./convolutional.ts";
import { kernelDiagonal } from "./diagonal.ts";
import { embed } from "./embed.ts";
import { empiricalNtk } from "./empiricalNtk.ts";
import { linearKernel } from "./featureMap.ts";
import { fullyConnectedKernel } from "./fullyConnected.ts";
import { exponentialKernel } from "./gammaExponential.ts";
import { gaussianParameters } from "./gaussianParameters.ts";
import { type Kernel, rowsOf, type TracedTree } from "./kernel.ts";
import { kernelMatrix } from "./matrix.ts";
import { meanEmbedding } from "./meanEmbedding.ts";
import { medianHeuristic } from "./medianHeuristic.ts";
import { neuralFeatureKernel } from "./nfk.ts";
import { randomFeatureNngp } from "./randomFeatureNngp.ts";
import { fourierKernel, spectralFrequencies } from "./rff.ts";
import { kernelSums } from "./sums.ts";

const input = [1, 6, 6] as const;
const images = (n: number, t: number) => formulaTensor([n, ...input], t);
const small = buildNetwork(convnet({ depth: 1, width: 3, activation: "swish" }), input, 2);
const draw = (seed: number) => small.init(randomKey(seed));

const kernels: readonly (readonly [string, Kernel])[] = [
  ["Gaussian", exponentialKernel(2, 0.05)],
  ["Laplacian", exponentialKernel(1, 0.2)],
  ["γ = 0.7", exponentialKernel(0.7, 0.3)],
  ["fully connected NTK", fullyConnectedKernel("ntk", { depth: 3 })],
  ["fully connected NNGP", fullyConnectedKernel("nngp", { depth: 2 })],
  ["convolutional NTK, pooled", convolutionalKernel("ntk", input, { depth: 2 })],
  ["convolutional NNGP", convolutionalKernel("nngp", input, { depth: 2, pooling: "none" })],
  ["empirical NTK", empiricalNtk(small, draw(1))],
  ["neural features", neuralFeatureKernel(small, [draw(2), draw(3)])],
  ["random-feature NNGP", randomFeatureNngp(small, [gaussianParameters(small, randomKey(4))])],
  ["Fourier features", fourierKernel(spectralFrequencies(2, 0.05, 36, 20, randomKey(5)))],
  ["linear", linearKernel()],
];

/** K(X, Y) by the traced function. */
const traced = async (kernel: Kernel, x: Tensor, y: Tensor): Promise<Tensor> =>
  compile(kernel.matrix)(kernel.parameters as object, x, y);

/** Largest difference over largest magnitude. */
function relative(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  const scale = Math.max(...Array.from(wanted, Math.abs));
  return Math.max(...Array.from(got, (v, i) => Math.abs(v - wanted[i]!))) / scale;
}

/** Tells whether K + tolerance·tr(K)/n·I has a Cholesky factor, in float64. */
function positive(k: ArrayLike<number>, n: number, tolerance: number): boolean {
  const a = Float64Array.from(k);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += a[i * n + i]!;
  for (let j = 0; j < n; j++) {
    a[j * n + j]! += (tolerance * trace) / n;
    for (let i = j; i < n; i++) {
      let s = a[i * n + j]!;
      for (let l = 0; l < j; l++) s -= a[i * n + l]! * a[j * n + l]!;
      if (i === j && s <= 0) return false;
      a[i * n + j] = i === j ? Math.sqrt(s) : s / a[j * n + j]!;
    }
  }
  return true;
}

describe.each(kernels)("%s", (_, kernel) => {
  test("is symmetric and positive semi-definite, and its diagonal is k(x, x)", async () => {
    const x = images(9, 1);
    const k = await traced(kernel, x, x);
    const transposed = k.data.map((_, at) => k.data[(at % 9) * 9 + Math.floor(at / 9)]!);
    expect(relative(k.data, transposed)).toBeLessThan(2e-6);
    expect(positive(k.data, 9, 1e-5)).toBe(true);
    const own = Float64Array.from({ length: 9 }, (_, i) => k.data[i * 10]!);
    expect(relative(await kernelDiagonal(kernel, x), own)).toBeLessThan(2e-5);
  });

  test("the same whole, in blocks of any size, on the host in float64, and by features", async () => {
    const [x, y] = [images(7, 1), images(5, 2)];
    const wanted = (await traced(kernel, x, y)).data;
    for (const side of [2, 3, 64])
      expect(relative((await kernelMatrix(kernel, x, y, { side })).data, wanted)).toBeLessThan(3e-6);
    expect(relative((await kernelMatrix(kernel, x)).data, (await traced(kernel, x, x)).data)).toBeLessThan(2e-5);
    if (kernel.exact) expect(relative(kernel.exact(rowsOf(x), rowsOf(y)), wanted)).toBeLessThan(1e-5);
  });

  test("gradient against finite differences, first and second order", async () => {
    const [x, y] = [images(2, 1), images(3, 2)];
    const weights = tensor([1, -2, 0.5, 0.3, 1.5, -1], [2, 3]);
    const f = (p: TracedTree, a: Traced, b: Traced, w: Traced) => np.sum(kernel.matrix(p, a, b).mul(w));
    const slope = (p: TracedTree, a: Traced, b: Traced, w: Traced) =>
      grad((z: Traced) => f(tree.ref(p as never), z, b.ref, w.ref))(a) as Traced;
    const direction = formulaTensor([2, ...input], 7);
    const along = (p: TracedTree, a: Traced, b: Traced, w: Traced, d: Traced) => {
      const inner = (z: Traced) => np.sum(slope(p, z, b.ref, w.ref).mul(d.ref));
      return { first: inner(a.ref), second: np.sum((grad(inner)(a) as Traced).mul(d)) };
    };
    const value = compile(f);
    const at = async (step: number) => {
      const moved = tensor(x.data.map((v, i) => v + step * direction.data[i]!) as Float32Array, x.shape);
      return (await value(kernel.parameters as object, moved, y, weights)).item();
    };
    const got = await compile(along)(kernel.parameters as object, x, y, weights, direction);
    const h = 0.05;
    const [back, here, there] = [await at(-h), await at(0), await at(h)];
    const [back2, there2] = [await at(-2 * h), await at(2 * h)];
    const first = (8 * (there - back) - (there2 - back2)) / (12 * h);
    const second = (16 * (there + back) - (there2 + back2) - 30 * here) / (12 * h * h);
    const scale = Math.abs(first) + Math.abs(second) + 0.01 * Math.abs(here);
    expect(Math.abs(got.first.item() - first) / scale).toBeLessThan(3e-3);
    expect(Math.abs(got.second.item() - second) / scale).toBeLessThan(3e-2);
  });

  test("gradients are finite where x = y", async () => {
    const x = images(2, 1);
    const own = (p: TracedTree, a: Traced, b: Traced) =>
      grad((z: Traced) => {
        const inner = grad((q: Traced) => np.sum(kernel.matrix(tree.ref(p as never), q, b.ref)))(z.ref) as Traced;
        return np.sum(np.square(inner)).add(np.sum(kernel.matrix(tree.ref(p as never), z, b.ref)));
      })(a) as Traced;
    const gradient = await compile(own)(kernel.parameters as object, x, x);
    expect(gradient.data.every((v) => Number.isFinite(v))).toBe(true);
  });

  test("weighted sums of blocks are those of the matrix", async () => {
    const [x, y] = [images(7, 1), images(5, 2)];
    const k = (await traced(kernel, x, y)).data;
    const [u, v] = [7, 5].map((n) => Float64Array.from({ length: n }, (_, i) => (2 * (i + 1)) / (n * (n + 1))));
    for (const side of [undefined, 3]) {
      const sums = await kernelSums(kernel, { points: x, weights: u! }, { points: y, weights: v! }, { side });
      const rows = Array.from(u!, (_, i) => v!.reduce((s, w, j) => s + w * k[i * 5 + j]!, 0));
      const columns = Array.from(v!, (_, j) => u!.reduce((s, w, i) => s + w * k[i * 5 + j]!, 0));
      expect(relative(sums.rows, rows)).toBeLessThan(1e-5);
      expect(relative(sums.columns, columns)).toBeLessThan(1e-5);
      const squares = (k as Float32Array).reduce(
        (s, value, at) => s + u![Math.floor(at / 5)]! * v![at % 5]! * value * value,
        0,
      );
      expect(sums.squares / squares).toBeCloseTo(1, 4);
    }
    const whole = await kernelSums(kernel, { points: x, weights: u! }, undefined, { side: 3 });
    const twice = await kernelSums(kernel, { points: x, weights: u! }, { points: x, weights: u! }, { side: 4 });
    expect(relative(whole.rows, twice.rows)).toBeLessThan(1e-5);
    expect(whole.total / twice.total).toBeCloseTo(1, 5);
    expect(whole.squares / twice.squares).toBeCloseTo(1, 5);
  });
});

describe("finite networks converge to the infinite-width kernels", () => {
  const prior = { weightStd: 1.3, biasStd: 0.2 };

  test("fully connected, NNGP and NTK", async () => {
    const network = buildNetwork(mlp({ depth: 2, width: 512 }), input, 1);
    const x = images(4, 1);
    const pool = Array.from({ length: 12 }, (_, k) => gaussianParameters(network, randomKey(k), prior));
    const nngp = await kernelMatrix(randomFeatureNngp(network, pool, prior), x);
    const limit = (kind: "ntk" | "nngp") => fullyConnectedKernel(kind, { depth: 2, ...prior });
    expect(relative(nngp.data, (await traced(limit("nngp"), x, x)).data)).toBeLessThan(0.04);
    const each = await Promise.all(
      pool.map((p) => kernelMatrix(empiricalNtk(network, p, { parameterisation: prior }), x)),
    );
    const mean = each[0]!.data.map((_, i) => each.reduce((s, k) => s + k.data[i]! / each.length, 0));
    expect(relative(mean, (await traced(limit("ntk"), x, x)).data)).toBeLessThan(0.04);
  });

  test("convolutional with pooling, NNGP and NTK", async () => {
    const network = buildNetwork(convnet({ depth: 2, width: 64, normalisation: "none" }), [2, 6, 6], 1);
    const x = formulaTensor([3, 2, 6, 6], 1);
    const pool = Array.from({ length: 40 }, (_, k) => gaussianParameters(network, randomKey(k), prior));
    const nngp = await kernelMatrix(randomFeatureNngp(network, pool, prior), x);
    const limit = (kind: "ntk" | "nngp") => convolutionalKernel(kind, [2, 6, 6], { depth: 2, ...prior });
    expect(relative(nngp.data, (await traced(limit("nngp"), x, x)).data)).toBeLessThan(0.05);
    const each = await Promise.all(
      pool.map((p) => kernelMatrix(empiricalNtk(network, p, { parameterisation: prior }), x)),
    );
    const mean = each[0]!.data.map((_, i) => each.reduce((s, k) => s + k.data[i]! / each.length, 0));
    expect(relative(mean, (await traced(limit("ntk"), x, x)).data)).toBeLessThan(0.05);
  });

  test.each([0.5, 1, 1.5, 2])("Fourier features of γ = %s", async (gamma) => {
    const [x, y] = [images(6, 1), images(5, 2)];
    const kernel = fourierKernel(spectralFrequencies(gamma, 0.1, 36, 20000, randomKey(3)));
    const got = await kernelMatrix(kernel, x, y);
    const wanted = exponentialKernel(gamma, 0.1).exact!(rowsOf(x), rowsOf(y));
    // The mean of 20,000 cosines: standard error below 0.0071.
    got.data.forEach((v, i) => {
      expect(Math.abs(v - wanted[i]!)).toBeLessThan(0.025);
    });
  });
});

test("a mean embedding is the weighted sum of features, in any chunks", async () => {
  const kernel = neuralFeatureKernel(small, [draw(2), draw(3)]);
  const points = images(9, 1);
  const weights = Float64Array.from({ length: 9 }, (_, i) => (i + 1) / 45);
  const features = await embed(kernel, points);
  const length = features.shape[1]!;
  const wanted = Array.from({ length }, (_, k) =>
    weights.reduce((s, w, i) => s + w * features.data[i * length + k]!, 0),
  );
  for (const chunk of [2, 9, undefined])
    expect(relative(await meanEmbedding(kernel, { points, weights }, { chunk }), wanted)).toBeLessThan(1e-5);
});

describe("the γ-exponential kernel", () => {
  test("refuses γ outside (0, 2] and c that is not positive", () => {
    const kernel = (gamma: number, c: number) => () => exponentialKernel(gamma, c);
    for (const gamma of [0, -1, 2.1, Number.NaN]) expect(kernel(gamma, 1)).toThrow(/0 < gamma <= 2/);
    for (const c of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(kernel(1, c)).toThrow(/finite c > 0/);
    expect(kernel(3, 1)).toThrow(AttarError);
  });

  test("the median heuristic does not depend on the order of the sets, and scales with the points", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (n, m, seed) => {
        const [a, b] = [randomKey(seed).normal(3 * n), randomKey(seed + 1).normal(3 * m)];
        const c = (s: number, swap: boolean) => {
          const sides = [
            tensor(
              a.map((v) => s * v),
              [n, 3],
            ),
            tensor(
              b.map((v) => s * v),
              [m, 3],
            ),
          ];
          const [x, y] = swap ? sides.reverse() : sides;
          return medianHeuristic(x!, y!, 1.5, randomKey(0));
        };
        expect(c(1, true)).toBe(c(1, false));
        expect(c(4, false) * 4 ** 1.5).toBeCloseTo(c(1, false), 6);
      }),
      { numRuns: 30 },
    );
  });

  test("copies of one point have no bandwidth", () => {
    const same = tensor(new Float32Array(12).fill(3), [4, 3]);
    expect(() => medianHeuristic(same, same, 2, randomKey(0))).toThrow(/copies of one another/);
  });
});

test("infinitely wide networks refuse bad depths and standard deviations", () => {
  expect(() => fullyConnectedKernel("ntk", { depth: 0 })).toThrow(/depth/);
  expect(() => fullyConnectedKernel("ntk", { weightStd: 0 })).toThrow(/weightStd/);
  expect(() => convolutionalKernel("nngp", [1, 6, 6], { depth: 3 })).toThrow(/cannot be halved 3 times/);
});
