import { grad, nn, numpy as np, type Array as Traced, tree, valueAndGrad } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/hypotheses/convnet.json" with { type: "json" };
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, randomKey, type Tensor, tensor } from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";
import { buildNetwork } from "./buildNetwork.ts";
import { type ConvNetOptions, convnet } from "./convnet.ts";

const classes = 3;

/** Largest difference over largest expected magnitude. */
function relative(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(got[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return difference / scale;
}

function problem(case_: (typeof golden)[number]["case"]) {
  const { n, input, depth, width, activation, normalisation, pooling } = case_;
  const options = { depth, width, activation, normalisation, pooling } as ConvNetOptions;
  const network = buildNetwork(convnet(options), input as [number, number, number], classes);
  const images = formulaTensor([n, ...input], 99);
  const targets = new Float32Array(n * classes);
  for (let i = 0; i < n; i++) targets[i * classes + (i % classes)] = 1;
  return { network, params: formulaParams(network.init(randomKey(0))), images, targets: tensor(targets, [n, classes]) };
}

/** Mean cross-entropy. */
const loss = (network: Network, params: TracedParams, images: Traced, targets: Traced) =>
  np.mean(np.sum(targets.mul(nn.logSoftmax(network.logits(params, images))), 1)).neg();

const leaves = (params: Params) => tree.leaves(params as never) as unknown as Tensor[];

describe.each(golden)("ConvNet, $case.name, against float64 PyTorch", ({ case: case_, ...expected }) => {
  const { network, params, images, targets } = problem(case_);

  test("logits", async () => {
    const logits = await compile((p: TracedParams, x: Traced) => network.logits(p, x))(params, images);
    expect(relative(logits.data, expected.logits)).toBeLessThan(1e-5);
  });

  test("loss and its gradient", async () => {
    const both = compile((p: TracedParams, x: Traced, t: Traced) =>
      valueAndGrad((q: TracedParams) => loss(network, q, x.ref, t.ref))(p),
    );
    const [value, gradient] = (await both(params, images, targets)) as unknown as [Tensor, Params];
    expect(value.item()).toBeCloseTo(expected.loss, 5);
    const largest = Math.max(...expected.gradient.flat().map(Math.abs));
    leaves(gradient).forEach((g, k) => {
      // A convolution's bias before instance normalisation has zero gradient: hence the common scale.
      expect(relative([...g.data, largest], [...expected.gradient[k]!, largest])).toBeLessThan(1e-5);
    });
  });

  test("second derivative: the images' gradient of the squared gradient norm", async () => {
    const second = compile((p: TracedParams, x: Traced, t: Traced) =>
      grad((z: Traced) => {
        const g = grad((q: TracedParams) => loss(network, q, z.ref, t.ref))(tree.ref(p as never) as TracedParams);
        return (tree.leaves(g as never) as unknown as Traced[])
          .map((leaf) => np.sum(np.square(leaf)))
          .reduce((a, b) => a.add(b));
      })(x),
    );
    const got = await second(params, images, targets);
    expect(relative(got.data, expected.second)).toBeLessThan(1e-5);
  });
});

test("batch normalisation keeps running statistics, and evaluation uses them", async () => {
  const expected = golden.find((g) => g.case.normalisation === "batch")!;
  const { network, params, images } = problem(expected.case);
  const statistics = network.statistics!;
  const train = compile((p: TracedParams, s: TracedParams, x: Traced) => statistics.train(p, s, x).statistics);
  const after = (await train(params, statistics.init(), images)) as unknown as Params;
  leaves(after).forEach((moment, k) => {
    expect(relative(moment.data, expected.statistics!.flat()[k]!)).toBeLessThan(1e-5);
  });
  const evaluate = compile((p: TracedParams, s: TracedParams, x: Traced) => statistics.evaluate(p, s, x));
  const logits = await evaluate(params, after, images);
  expect(relative(logits.data, expected.evaluated!)).toBeLessThan(1e-5);
});
