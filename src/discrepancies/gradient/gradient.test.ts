import { grad, nn, numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/discrepancies/gradient.json" with { type: "json" };
import { formulaMeasure, formulaMlp, points, relativeError, uniform } from "../../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, randomKey, type Tensor, tensor, zeros } from "../../engine/index.ts";
import {
  buildNetwork,
  convnet,
  mlp,
  type Network,
  oneHot,
  type Params,
  type TracedParams,
} from "../../hypotheses/index.ts";
import { squaredMeanDifference } from "../ipm/index.ts";
import { distanceOfMeans, networkOf, rowsOf, sampled } from "../measures/index.ts";
import { measurables } from "../registry.ts";
import { overLeaves } from "../traced.ts";
import { cosineDistance, layerwiseDistance } from "./gradientDistances.ts";
import { convolutionL1, convolutionSquared, globalCosine, layerwiseCosine, meanGradient } from "./index.ts";

const shapes = { conv: { weight: [4, 3, 3, 3], bias: [4] }, head: { weight: [5, 4], bias: [5] } };
const treeOf = (first: number): Params => {
  let t = first;
  return Object.fromEntries(
    Object.entries(shapes).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(Object.entries(tensors).map(([name, s]) => [name, formulaTensor(s, t++, 0.3)])),
    ]),
  );
};
const [a, b] = [treeOf(10), treeOf(20)];
const flat = (params: Params) =>
  Float64Array.from(Object.values(params).flatMap((l) => Object.values(l).flatMap((t) => [...t.data])));

const distances = {
  squared: (x: TracedParams, y: TracedParams) => overLeaves(squaredMeanDifference)(x, y),
  cosine: globalCosine,
  layerwise: layerwiseCosine,
  l1: convolutionL1,
  mse: convolutionSquared,
};
const names = Object.keys(distances) as (keyof typeof distances)[];

describe("distances of gradients against float64 PyTorch", () => {
  test.each(names)("%s", async (name) => {
    const value = (await compile(distances[name])(a as never, b as never)).item();
    expect(value / golden.tensors[name]).toBeCloseTo(1, 5);
  });

  test("on the host, with the field's floor", () => {
    expect(cosineDistance(flat(a), flat(b), 1e-6)).toBeCloseTo(golden.tensors.cosine, 10);
    expect(layerwiseDistance(a, flat(a), flat(b), 1e-6)).toBeCloseTo(golden.tensors.layerwise, 10);
  });

  test("mean gradients of an MLP on weighted measures", async () => {
    const { network, params } = formulaMlp();
    const whole = (m: ReturnType<typeof formulaMeasure>) => meanGradient(network, params, { measure: m, share: 1 });
    const [f, g] = [await whole(formulaMeasure(7, 90)), await whole(formulaMeasure(5, 91, 1))];
    expect(relativeError(f.mean, golden.mlp.gradient.flat())).toBeLessThan(1e-5);
    const { cosine, layerwise, squared } = golden.mlp.distances;
    expect(cosineDistance(f.mean, g.mean, 1e-6) / cosine).toBeCloseTo(1, 5);
    expect(layerwiseDistance(params, f.mean, g.mean, 1e-6) / layerwise).toBeCloseTo(1, 5);
    const difference = f.mean.map((v, i) => v - g.mean[i]!);
    expect(difference.reduce((s, v) => s + v * v, 0) / squared).toBeCloseTo(1, 5);
  });
});

test("the mean gradient of 40 points is the weighted sum of theirs one by one", async () => {
  const { network, params } = formulaMlp();
  const measure = formulaMeasure(40, 90);
  const whole = await meanGradient(network, params, { measure, share: 1 });
  const sum = new Float64Array(whole.mean.length);
  for (let i = 0; i < 40; i++) {
    const { mean } = await meanGradient(network, params, { measure: rowsOf(measure, [i]), share: 1 });
    for (let j = 0; j < sum.length; j++) sum[j]! += measure.weights![i]! * mean[j]!;
  }
  expect(relativeError(whole.mean, sum)).toBeLessThan(1e-5);
});

describe("derivative in the points, through the gradient in the parameters", () => {
  type Side = { images: Traced; targets: Traced; weights: Traced };
  const pull = (network: Network, p: TracedParams, { images, targets, weights }: Side): TracedParams => {
    const loss = (q: TracedParams) =>
      np.sum(np.sum(targets.mul(nn.logSoftmax(network.logits(q, images))), 1).mul(weights)).mul(-1);
    return grad(loss)(tree.ref(p as never) as never) as unknown as TracedParams;
  };
  const valueAt = (network: Network, name: keyof typeof distances) =>
    compile((p: TracedParams, u: Side, v: Side) => distances[name](pull(network, p, u), pull(network, p, v)));
  const gradientAt = (network: Network, name: keyof typeof distances) =>
    compile((p: TracedParams, u: Side, v: Side) => {
      const real = pull(network, p, v);
      return grad((images: Traced) => distances[name](pull(network, p, { ...u, images }), real))(u.images);
    });
  const side = (images: Tensor, { labels, weights }: ReturnType<typeof formulaMeasure>) =>
    ({ images, targets: oneHot(labels, 3), weights: tensor(Float32Array.from(weights!)) }) as never;

  test("of the layer-wise distance against float64 PyTorch", async () => {
    const { network, params } = formulaMlp();
    const [x, y] = [formulaMeasure(7, 90), formulaMeasure(5, 91, 1)];
    const [u, v] = [x, y].map((m) => side(m.points.reshape([m.labels.length, 1, 1, 6]), m)) as [never, never];
    const gradient = await gradientAt(network, "layerwise")(params as never, u, v);
    expect(relativeError(gradient.data, golden.mlp.pointGradient)).toBeLessThan(1e-4);
  });

  // A smooth activation: at a kink of a ReLU the distance itself jumps.
  const smooth = buildNetwork(convnet({ depth: 1, width: 3, activation: "swish" }), [1, 4, 4], 3);

  test.each(names)("of %s against finite differences", async (name) => {
    const params = smooth.init(randomKey(2)) as never;
    const images = formulaTensor([4, 1, 4, 4], 31);
    const [own, other] = [formulaMeasure(4, 90), side(formulaTensor([3, 1, 4, 4], 32), formulaMeasure(3, 91, 1))];
    const gradient = await gradientAt(smooth, name)(params, side(images, own), other);
    const value = valueAt(smooth, name);
    const direction = formulaTensor(images.shape, 33).data as Float32Array;
    const step = 1e-2;
    const at = async (by: number) => {
      const moved = Float32Array.from(images.data, (v, k) => v + by * direction[k]!);
      return (await value(params, side(tensor(moved, images.shape), own), other)).item();
    };
    const along = direction.reduce((sum, d, k) => sum + d * gradient.data[k]!, 0);
    expect(along / (((await at(step)) - (await at(-step))) / (2 * step))).toBeCloseTo(1, 2);
  });

  test("a unit without gradient leaves the derivative finite", async () => {
    const zero = { w: { weight: zeros([3, 4]) } };
    for (const distance of [layerwiseCosine, globalCosine]) {
      const g = await compile((u: TracedParams, v: TracedParams) =>
        grad((z: Traced) => distance({ w: { weight: z } }, v))(u.w!.weight!),
      )(zero as never, { w: { weight: formulaTensor([3, 4], 1) } } as never);
      expect(g.data.every(Number.isFinite)).toBe(true);
    }
  });
});

const ofWholeGradients = measurables.filter(({ name }) => name.startsWith("gradient"));

describe.each(ofWholeGradients)("$name", (record) => {
  const context = { seed: 3, network: mlp({ width: 8 }) };
  const options = { networks: 2 };
  const [x, y] = [uniform(formulaMeasure(12, 90)), uniform(formulaMeasure(9, 91))];

  test("zero on equal measures, symmetric", async () => {
    expect((await record.measure(x, { ...x }, context, options)).value).toBeCloseTo(0, 10);
    const { value } = await record.measure(x, y, context, options);
    expect(value).toBeGreaterThan(0);
    expect((await record.measure(y, x, context, options)).value).toBeCloseTo(value, 6);
  });

  test("detects permuted labels", async () => {
    const permuted = { ...x, labels: x.labels.map((label) => (label + 1) % 3) };
    expect((await record.measure(x, permuted, context, options)).value).toBeGreaterThan(0.01);
  });
});

test("sampling points adds no bias to the L2 distance, and its error is stated", async () => {
  const n = 600;
  const noise = formulaTensor([n, 6], 5).data;
  const [x, y] = [
    points("x", noise, 6),
    points(
      "y",
      noise.map((v) => 0.7 * v + 0.3),
      6,
    ),
  ];
  const network = networkOf(mlp({ width: 8 }), [1, 1, 6], 3);
  const at = async (most: number, seed: number) => {
    const key = randomKey(seed);
    const params = network.init(key.fold("network"));
    const [f, g] = [x, y].map((side) => meanGradient(network, params, sampled(side, most, key)));
    return distanceOfMeans(await f!, await g!);
  };
  const deviations: number[] = [];
  for (let seed = 0; seed < 12; seed++) {
    const [exact, estimate] = [await at(0, seed), await at(100, seed)];
    expect(exact.stderr).toBe(0);
    deviations.push((estimate.value - exact.value) / estimate.stderr);
  }
  const mean = deviations.reduce((s, v) => s + v, 0) / deviations.length;
  expect(Math.abs(mean)).toBeLessThan(1.5);
  expect(deviations.filter((d) => Math.abs(d) < 3).length).toBeGreaterThanOrEqual(9);
});
