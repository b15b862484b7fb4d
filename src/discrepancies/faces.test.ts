import { grad, type Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { formulaMeasure, uniform } from "../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { compile, type OptionValues, randomKey, resolveOptions, size, Tensor } from "../engine/index.ts";
import { convnet, type Params } from "../hypotheses/index.ts";
import { fullyConnectedKernel, type Limit, rowsOf } from "../hypotheses/kernels/index.ts";
import { medianDistance } from "./characteristic/index.ts";
import type { Discrepancy, EmpiricalMeasure } from "./discrepancy.ts";
import { meanGradient } from "./gradient/index.ts";
import { networkFor } from "./measures/index.ts";
import { discrepancies, distanceNamed, measurableNamed } from "./registry.ts";
import type { Tree } from "./traced.ts";

const parts: Readonly<Record<string, Discrepancy>> = discrepancies.parts;

const [n, m, d] = [12, 9, 6];
const [s, t] = [uniform(formulaMeasure(n, 90)), uniform(formulaMeasure(m, 91))];
const asImages = (measure: EmpiricalMeasure, first: number): EmpiricalMeasure => ({
  ...measure,
  points: formulaTensor([measure.labels.length, 1, 8, 8], first),
});
const [sImages, tImages] = [asImages(s, 3), asImages(t, 4)];
const context = { seed: 3, network: convnet({ depth: 1, width: 4 }) };

const measured = async (name: string, options: OptionValues = {}, a = s, b = t) =>
  (await measurableNamed(name).measure(a, b, context, options)).value;

/** The traced face of a discrepancy under options, those left out by default. */
function comparison(name: string, options: OptionValues) {
  const distance = distanceNamed(name);
  return distance.make(resolveOptions(name, distance.options, options));
}

/** The traced face between all rows of both sides. */
async function ofRows(name: string, options: OptionValues = {}): Promise<number> {
  const { between } = comparison(name, options);
  const at = compile((a: Traced, b: Traced) => between({ rows: a }, { rows: b }));
  return (await at(s.points, t.points)).item();
}

/** The traced face between the means of what it averages. */
async function ofMeans(name: string, options: OptionValues = {}): Promise<number> {
  const { between, lift, draws } = comparison(name, options);
  const drawn = draws?.(randomKey(5), { rows: d }) ?? {};
  const means = async (rows: Tensor) => {
    const lifted = lift
      ? await compile((x: Traced, r: Record<string, Traced>) => lift({ rows: x }, r))(rows, drawn)
      : { rows };
    return Object.fromEntries(Object.entries(lifted).map(([name, values]) => [name, meanRow(values)]));
  };
  return (await compile((a: Tree, b: Tree) => between(a, b))(await means(s.points), await means(t.points))).item();
}

function meanRow({ data, shape }: Tensor): Tensor {
  const [count, k] = shape as [number, number];
  const mean = new Float64Array(k);
  data.forEach((v, i) => {
    mean[i % k]! += v / count;
  });
  return new Tensor(Float32Array.from(mean), [k], "float32");
}

/** The traced face between mean gradients, averaged over the random networks of the measured one. */
async function ofGradients(name: string, options: OptionValues = {}, a = s, b = t): Promise<number> {
  const { between } = comparison(name, options);
  const at = compile((x: Tree, y: Tree) => between(x, y));
  const network = networkFor(a, context);
  let total = 0;
  for (let k = 0; k < 3; k++) {
    const params = network.init(randomKey(context.seed).fold("gradient").fold("network").fold(k));
    const gradient = async (measure: EmpiricalMeasure) =>
      laidOut((await meanGradient(network, params, { measure, share: 1 })).mean, params);
    total += (await at(await gradient(a), await gradient(b))).item() / 3;
  }
  return total;
}

/** A vector of all parameters as a tree of them. */
function laidOut(vector: Float64Array, params: Params): Params {
  let from = 0;
  const next = ({ shape }: Tensor) => {
    from += size(shape);
    return new Tensor(Float32Array.from(vector.subarray(from - size(shape), from)), shape, "float32");
  };
  return Object.fromEntries(
    Object.entries(params).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, next(tensor)])),
    ]),
  );
}

/** The mean over pairs of different points of both sides of ‖x − y‖^power. */
function meanDistance(power: number): number {
  const all = [s, t].flatMap(({ points }) => Array.from({ length: points.shape[0]! }, (_, i) => points.rows(i, i + 1)));
  let total = 0;
  for (const x of all)
    for (const y of all) total += Math.hypot(...Array.from(x.data, (v, k) => v - y.data[k]!)) ** power;
  return total / (all.length * (all.length - 1));
}

/** E ‖x − y‖² over pairs of points of one side, or of two. */
const meanSquare = (a: Tensor, b: Tensor) => {
  const [p, q] = [a.shape[0]!, b.shape[0]!];
  let total = 0;
  for (let i = 0; i < p; i++)
    for (let j = 0; j < q; j++) for (let k = 0; k < d; k++) total += (a.data[i * d + k]! - b.data[j * d + k]!) ** 2;
  return total / (p * q);
};

/** Σ over five bandwidths of the squared MMD, as the traced face adds kernels up. */
async function octaves(name: string, power: number): Promise<number> {
  const values = await Promise.all(
    [-2, -1, 0, 1, 2].map((j) => measured(name, { c: 1 / (2 ** j * meanDistance(power)) })),
  );
  return values.reduce((sum, v) => sum + v ** 2, 0);
}

const squared = async (value: Promise<number>) => (await value) ** 2;

/** For every discrepancy with two faces what the traced one is, and what the measured one says it is; and how near they are. */
const faces: Record<string, readonly [traced: () => Promise<number>, measured: () => Promise<number>, near: number][]> =
  {
    "mean-difference": [
      [() => ofMeans("mean-difference"), () => measured("mean-difference"), 1e-5],
      [() => ofMeans("mean-difference", { norm: "l1" }), () => measured("mean-difference", { norm: "l1" }), 1e-5],
    ],
    mmd: [
      [() => ofRows("mmd"), () => octaves("mmd", 2), 1e-4],
      [() => ofRows("mmd", { kernel: "laplacian" }), () => octaves("mmd-laplacian", 1), 1e-3],
      [() => ofRows("mmd", { kernel: "linear" }), () => measured("mean-difference"), 1e-5],
      [() => ofRows("mmd", { kernel: "ntk" }), () => squared(measured("mmd-ntk")), 1e-3],
      [() => ofRows("mmd", { kernel: "nngp" }), () => squared(measured("mmd-nngp")), 1e-3],
    ],
    sinkhorn: [
      [
        () => ofRows("sinkhorn", { epsilon: 0.1, iterations: 60 }),
        () => {
          const smoothing = (0.1 * meanSquare(t.points, t.points)) / meanSquare(s.points, t.points);
          return squared(measured("sinkhorn", { smoothing }));
        },
        1e-3,
      ],
    ],
    // Frequencies are drawn apart: near to within the error of 60,000 of them.
    characteristic: [
      [
        async () => {
          const sigma = Math.sqrt(d) / medianDistance(s, t, context.seed);
          return ((await ofMeans("characteristic", { frequencies: 60_000, scale: sigma })) * sigma ** 2) / d;
        },
        () => squared(measured("characteristic", { frequencies: 60_000 })),
        0.02,
      ],
    ],
    // Soft maxima and minima are off by the temperature at most, times the logarithm of the number of pairs.
    hausdorff: [[() => ofRows("hausdorff", { temperature: 1e-3 }), () => measured("hausdorff"), 6e-3]],
    moments: [
      [() => ofMeans("moments"), () => squared(measured("moments")), 1e-5],
      [() => ofMeans("moments", { variance: 0 }), () => squared(measured("moments", { order: 1 })), 1e-5],
    ],
    "gradient-cosine": [[() => ofGradients("gradient-cosine"), () => measured("gradient-cosine"), 1e-3]],
    // Of images, which leave no unit without a gradient: the field's floor counts such a unit as 1, the measured face as 0.
    "gradient-layerwise": [
      [
        () => ofGradients("gradient-layerwise", {}, sImages, tImages),
        () => measured("gradient-layerwise", {}, sImages, tImages),
        1e-3,
      ],
    ],
    "convolution-difference": ["squared", "l1"].map((norm) => [
      () => ofGradients("convolution-difference", { norm }, sImages, tImages),
      () => measured("convolution-difference", { norm }, sImages, tImages),
      1e-4,
    ]),
  };

test("every discrepancy with two faces is held against itself; one without a measured face says why", () => {
  const both = discrepancies.names.filter((name) => parts[name]!.traced && parts[name]!.measured);
  expect(Object.keys(faces).sort()).toEqual([...both].sort());
  for (const name of discrepancies.names) expect(!parts[name]!.measured, name).toBe(!!parts[name]!.unmeasured);
  for (const { options, traced, measured } of Object.values(parts))
    for (const face of [traced, measured]) if (face) expect(face.options).toMatchObject(options);
});

describe("the traced face is what is measured", () => {
  const cases = Object.entries(faces).flatMap(([name, all]) =>
    all.map((one, k) => [`${name}, ${k + 1}`, ...one] as const),
  );
  test.each(cases)("%s", async (_name, traced, wanted, near) => {
    const [value, expected] = [await traced(), await wanted()];
    expect(expected).toBeGreaterThan(0.001);
    expect(Math.abs(value / expected - 1)).toBeLessThan(near);
  });
});

describe.each(["ntk", "nngp"] as const)("MMD under the %s", (kernel) => {
  const { between } = comparison("mmd", { kernel });
  const real = t.points;

  /** The biased MMD² in float64, by the host's kernel. */
  function onTheHost(points: Float64Array): number {
    const { exact } = fullyConnectedKernel(kernel satisfies Limit, { depth: 3 });
    const [x, y] = [{ data: points, count: n, length: d }, rowsOf(real)];
    const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v / values.length, 0);
    return mean(exact!(x, x)) + mean(exact!(y, y)) - 2 * mean(exact!(x, y));
  }

  test("is the host's in float64", async () => {
    expect((await ofRows("mmd", { kernel })) / onTheHost(Float64Array.from(s.points.data))).toBeCloseTo(1, 4);
  });

  test("has the gradient of finite differences", async () => {
    const slope = compile((a: Traced, b: Traced) => grad((x: Traced) => between({ rows: x }, { rows: b }))(a));
    const gradient = Float64Array.from((await slope(s.points, real)).data);
    const largest = gradient.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const step = 1e-4;
    for (let k = 0; k < n * d; k++) {
      const at = (by: number) => onTheHost(Float64Array.from(s.points.data, (v, i) => v + (i === k ? by : 0)));
      const wanted = (at(step) - at(-step)) / (2 * step);
      expect(Math.abs(gradient[k]! - wanted)).toBeLessThan(2e-3 * largest);
    }
  });
});

test("an option of both faces of a discrepancy has one meaning and one default, or it has two names", () => {
  const shared: string[] = [];
  for (const [name, { traced: minimised, measured: held }] of Object.entries(parts))
    for (const [option, rule] of Object.entries(minimised?.options ?? {}))
      if (held && Object.hasOwn(held.options, option)) {
        shared.push(`${name}.${option}`);
        expect(held.options[option], `${name}.${option}`).toEqual(rule);
      }
  expect(shared).toContain("characteristic.frequencies");
});
