import { grad, lax, numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import type { Executor } from "../executors/executor.ts";
import { onnxruntimeNode } from "../executors/onnxruntime.node.ts";
import { oracle } from "../executors/oracle.ts";
import { randomKey } from "../random.ts";
import { size, type Tensor, tensor } from "../tensor.ts";
import { tournament } from "./jacobiEigh.ts";

const onnx = onnxruntimeNode({ threads: 1 });
const truth = oracle("cpu");

type A = np.Array;
// biome-ignore lint/suspicious/noExplicitAny: the tables mix functions of every signature
type Traced = (...args: any[]) => any;
type Case = [name: string, fn: Traced, args: Tensor[], tolerance?: number];

const normal = (seed: number, ...shape: number[]) => tensor(randomKey(seed).normal(size(shape)), shape);
const words = (seed: number, ...shape: number[]) => tensor(randomKey(seed).bits(size(shape)), shape);
/** The same function in float64, its inputs converted inside. */
const inDouble =
  (fn: Traced): Traced =>
  (...args: A[]) =>
    fn(...args.map((a) => a.astype(np.float64)));
const few = (seed: number, ...shape: number[]) => {
  const t = normal(seed, ...shape);
  return tensor(
    Float32Array.from(t.data, (v) => Math.round(v * 2)),
    shape,
  );
};

/** G Gᵀ / n + I for normal G: symmetric positive definite, well conditioned. */
function positiveDefinite(seed: number, n: number, batch: number[] = []): Tensor {
  const out = new Float32Array(size(batch) * n * n);
  const g = randomKey(seed).normal(out.length);
  for (let k = 0; k < out.length; k += n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = i === j ? n : 0;
        for (let l = 0; l < n; l++) sum += g[k + i * n + l]! * g[k + j * n + l]!;
        out[k + i * n + j] = sum / n;
      }
  return tensor(out, [...batch, n, n]);
}

/** Normal below and above the diagonal, scaled down, with a diagonal near 2. */
function triangle(seed: number, n: number, batch: number[] = []): Tensor {
  const t = normal(seed, ...batch, n, n);
  t.data.forEach((v, i) => {
    t.data[i] = Math.floor(i / n) % n === i % n ? 2 + Math.abs(v) : v / n;
  });
  return t;
}

async function run(executor: Executor, name: string, fn: Traced, args: readonly Tensor[]): Promise<Tensor[]> {
  const compiled = compile(fn, { executor, name }) as unknown as (...a: Tensor[]) => Promise<Tensor | Tensor[]>;
  return [await compiled(...args)].flat();
}

async function agree([name, fn, args, tolerance = 0]: Case): Promise<void> {
  const got = await run(onnx, name, fn, args);
  const expected = await run(truth, name, fn, args);
  expect(got.map((t) => [t.dtype, t.shape])).toEqual(expected.map((t) => [t.dtype, t.shape]));
  got.forEach((t, k) => {
    const wanted = expected[k]!.data;
    if (tolerance === 0) {
      expect([...t.data]).toEqual([...wanted]);
      return;
    }
    const scale = Math.max(1e-6, ...Array.from(wanted, Math.abs));
    t.data.forEach((v, i) => {
      expect(Math.abs(v - wanted[i]!) / scale).toBeLessThan(tolerance);
    });
  });
}

const odd = tensor(
  [
    3,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    3,
    0,
    1,
    5,
    4,
  ],
  [2, 6],
);
const sort = (a: A) => np.sort(a);
const argsort = (a: A) => np.argsort(a);

const sorting: Case[] = [
  ["rows of a batch", sort, [normal(1, 2, 3, 17)]],
  ["positions with ties, stable", argsort, [few(2, 4, 50)]],
  ["a long row with ties", argsort, [few(3, 3000)]],
  ["NaNs and infinities", sort, [odd]],
  ["positions of NaNs and infinities", argsort, [odd]],
  ["integers", (a: A) => [sort(a.ref), argsort(a)], [tensor(Int32Array.of(5, -3, 5, 0, 7, -3))]],
  ["words", (a: A) => [sort(a.ref), argsort(a)], [words(4, 9)]],
  ["float64", inDouble(sort), [normal(5, 9)]],
  [
    "gradient",
    (a: A) => grad((z: A) => np.sum(np.sort(z).mul(np.arange(7).astype(np.float32))))(a),
    [normal(6, 7)],
    1e-6,
  ],
];

const bits: Case[] = [
  ["random words", (k: A) => random.bits(k, [3, 5]), [words(7, 2)]],
  ["one word", (k: A) => random.bits(k), [words(8, 2)]],
  ["keys split from a key", (k: A) => random.split(k, 3), [words(9, 2)]],
  ["uniform numbers", (k: A) => random.uniform(k, [4, 6]), [words(10, 2)]],
  ["normal numbers", (k: A) => random.normal(k, [50]), [words(11, 2)], 1e-5],
  ["a batch of keys", (k: A) => random.bits(random.split(k, 4).slice(2), [3]), [words(12, 2)]],
  [
    "float32 from words",
    (a: A) => lax.bitcastConvertType(a, np.float32),
    [
      tensor(
        Uint32Array.of(
          0,
          1,
          0x80000000,
          0x007fffff,
          0x00800000,
          0x3f800000,
          0x3f800001,
          0xbf800000,
          0x7f7fffff,
          0x7f800000,
          0xff800000,
          0x7fc00000,
          0x80000001,
        ),
      ),
    ],
  ],
  ["float32 from random words", (a: A) => lax.bitcastConvertType(a, np.float32), [words(13, 300)]],
  [
    "words from float32",
    (a: A) => lax.bitcastConvertType(a, np.uint32),
    [
      tensor([
        0,
        -0,
        1,
        -1,
        0.1,
        1.1754943508222875e-38,
        1.401298464324817e-45,
        -3e-40,
        3.4028234663852886e38,
        0.99999994,
        1.9999999,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        Number.NaN,
      ]),
    ],
  ],
  ["integers from random float32", (a: A) => lax.bitcastConvertType(a, np.int32), [normal(14, 300)]],
  ["integers from words", (a: A) => lax.bitcastConvertType(a, np.int32), [words(15, 20)]],
];

const solve = (options: object) => (a: A, b: A) => lax.linalg.triangularSolve(a, b, options as never);

const linear: Case[] = [
  ["upper triangle", solve({ leftSide: true }), [triangle(20, 5), normal(21, 5, 3)], 3e-6],
  [
    "lower triangle of a batch",
    solve({ leftSide: true, lower: true }),
    [triangle(22, 7, [2, 3]), normal(23, 2, 3, 7, 4)],
    3e-6,
  ],
  ["unit diagonal", solve({ leftSide: true, unitDiagonal: true }), [triangle(24, 40), normal(25, 40, 2)], 3e-6],
  ["several blocks", solve({ leftSide: true, lower: true }), [triangle(26, 75), normal(27, 75, 9)], 3e-6],
  ["from the right, transposed", solve({ transposeA: true }), [triangle(28, 33), normal(29, 4, 33)], 3e-6],
  ["triangle in float64", inDouble(solve({ leftSide: true })), [triangle(30, 40), normal(31, 40, 2)], 1e-13],
  ["cholesky of one block", (a: A) => lax.linalg.cholesky(a), [positiveDefinite(32, 6)], 3e-6],
  ["cholesky of a batch", (a: A) => lax.linalg.cholesky(a), [positiveDefinite(33, 5, [2, 2])], 3e-6],
  ["cholesky of several blocks", (a: A) => lax.linalg.cholesky(a), [positiveDefinite(34, 70, [2])], 3e-6],
  ["cholesky in float64", inDouble((a: A) => lax.linalg.cholesky(a)), [positiveDefinite(35, 40)], 1e-13],
  ["cholesky of a scalar", (a: A) => lax.linalg.cholesky(a), [tensor([4], [1, 1])], 1e-7],
  ["lu of one block", (a: A) => lax.linalg.lu(a), [normal(36, 6, 6)], 1e-5],
  ["lu of a batch", (a: A) => lax.linalg.lu(a), [normal(37, 3, 2, 5, 5)], 1e-5],
  ["lu of a tall matrix", (a: A) => lax.linalg.lu(a), [normal(38, 2, 70, 35)], 1e-5],
  ["lu of a wide matrix", (a: A) => lax.linalg.lu(a), [normal(39, 35, 70)], 1e-5],
  ["lu of several blocks in float64", inDouble((a: A) => lax.linalg.lu(a)), [normal(40, 70, 70)], 1e-12],
  ["lu of a singular matrix", (a: A) => lax.linalg.lu(a), [tensor([0, 1, 2, 0, 3, 4, 0, 5, 6], [3, 3])], 1e-6],
  ["determinant and inverse", (a: A) => [np.linalg.det(a.ref), np.linalg.inv(a)], [triangle(41, 8)], 1e-5],
];

/** ½ ‖y − K(x) (K + I)⁻¹ y‖² with a linear kernel, by a Cholesky factorisation and two triangular solves. */
function ridgeLoss(x: A, y: A): A {
  const n = x.shape[0]!;
  const k = np.matmul(x.ref, x.transpose()).mul(1 / n);
  const l = lax.linalg.cholesky(k.ref.add(np.eye(n)));
  const half = solve({ leftSide: true, lower: true })(l.ref, y.ref);
  const weights = solve({ leftSide: true, lower: true, transposeA: true })(l, half);
  return np.sum(np.square(np.matmul(k, weights).sub(y))).mul(0.5);
}

const gradients: Case[] = [
  [
    "kernel ridge regression",
    (x: A, y: A) => valueAndGrad((z: A) => ridgeLoss(z, y.ref))(x),
    [normal(50, 9, 4), normal(51, 9, 2)],
    2e-5,
  ],
  [
    "kernel ridge regression over blocks",
    (x: A, y: A) => valueAndGrad((z: A) => ridgeLoss(z, y.ref))(x),
    [normal(52, 40, 6), normal(53, 40, 2)],
    5e-5,
  ],
];

const fft = (inverse: boolean) => (re: A, im: A) => {
  const { real, imag } = inverse ? np.fft.ifft({ real: re, imag: im }) : np.fft.fft({ real: re, imag: im });
  return [real, imag];
};
const transforms: Case[] = [1, 2, 12, 64, 67, 96, 134, 1000].flatMap((n): Case[] => [
  [`of length ${n}`, fft(false), [normal(60 + n, 2, n), normal(61 + n, 2, n)], 3e-6],
  [`inverse of length ${n}`, fft(true), [normal(62 + n, n), normal(63 + n, n)], 3e-6],
]);

describe("sort and argsort agree with jax-js", () => {
  test.each(sorting)("%s", (...c) => agree(c));
});
describe("random bits and bitcasts agree with jax-js", () => {
  test.each(bits)("%s", (...c) => agree(c));
});
describe("factorisations and triangular solves agree with jax-js", () => {
  test.each(linear)("%s", (...c) => agree(c));
});
describe("gradients through factorisations agree with jax-js", () => {
  test.each(gradients)("%s", (...c) => agree(c));
});
describe("Fourier transforms agree with jax-js", () => {
  test.each(transforms)("%s", (...c) => agree(c));
});

describe("symmetric eigendecomposition", () => {
  test.each([1, 2, 5, 12, 33])("of size %i reproduces the matrix and agrees on the eigenvalues", async (n) => {
    const a = positiveDefinite(70 + n, n, [2]);
    const eigh: Traced = (m: A) => {
      const [vectors, values] = lax.linalg.eigh(m);
      const scaled = vectors.ref.mul(values.ref.reshape([2, 1, n]));
      return [values, np.matmul(scaled, np.matrixTranspose(vectors))];
    };
    const [values, product] = (await run(onnx, "eigh", eigh, [a])) as [Tensor, Tensor];
    const [expected] = (await run(truth, "eigh", eigh, [a])) as [Tensor];
    values.data.forEach((v, i) => {
      expect(Math.abs(v - expected.data[i]!)).toBeLessThan(3e-5);
    });
    product.data.forEach((v, i) => {
      expect(Math.abs(v - a.data[i]!)).toBeLessThan(3e-5);
    });
  });

  test.each([1, 2, 3, 7, 8])("a tournament of %i lets every pair meet once", (n) => {
    const { rounds, partners } = tournament(n);
    const met = new Set<string>();
    for (let r = 0; r < rounds; r++)
      for (let i = 0; i < n; i++) {
        const j = partners[r * n + i]!;
        expect(partners[r * n + j]).toBe(i);
        if (i < j) met.add(`${i},${j}`);
      }
    expect(met.size).toBe((n * (n - 1)) / 2);
  });
});

test("bits of ones are counted", async () => {
  const all = words(80, 40);
  const [counts] = await run(onnx, "count", (a: A) => np.bitwiseCount(a), [all]);
  expect([...counts!.data]).toEqual(Array.from(all.data, (w) => w.toString(2).replaceAll("0", "").length));
});
