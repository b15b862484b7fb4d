import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { plainNet } from "../../../golden/attacks/plainNet.ts";
import { formulaParams, formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { compile, randomKey, valueAndGradients } from "../../engine/index.ts";
import { buildNetwork, crossEntropy, mlp, oneHot, type TracedParams } from "../../hypotheses/index.ts";
import { trickNamed } from "../index.ts";

const [n, d, h] = [4, 9, 0.7];
const network = buildNetwork(mlp({ width: 7, depth: 1 }), [1, 3, 3], 3);
const params = formulaParams(network.init(randomKey(0)));
const labels = Int32Array.of(0, 1, 2, 1);
const images = formulaTensor([n, 1, 3, 3], 21, 1);
const plain = plainNet(
  Object.values(params).map(({ weight, bias }) => ({ weight: weight!.data, bias: bias!.data })),
  [1, 3, 3],
);

const slopes = async (x: Float64Array) => (await plain.slope("cross-entropy", x, labels)).gradient;

/** The steps along which gradients are held apart, in float64: h z of every image. */
async function ways(): Promise<Float64Array> {
  const gradient = await slopes(Float64Array.from(images.data));
  for (let i = 0; i < n; i++) {
    const own = gradient.subarray(i * d, (i + 1) * d);
    const length = Math.hypot(...own);
    for (let j = 0; j < d; j++) own[j]! *= h / length;
  }
  return gradient;
}

test("the term and its gradient in S: float64, the way along the gradient standing still", async () => {
  const trick = trickNamed("input-curvature");
  if (trick.kind !== "input") throw new Error("it is a term over images");
  const term = trick.make({ weight: 1, h });
  const value = compile(
    (p: TracedParams, x: Traced, y: Traced) => {
      const loss = (of: Traced) => {
        const own = Object.fromEntries(
          Object.entries(p).map(([layer, parts]) => [
            layer,
            Object.fromEntries(Object.entries(parts).map(([name, t]) => [name, t.ref])),
          ]),
        );
        return crossEntropy(network.logits(own, of), y.ref);
      };
      return valueAndGradients((of: Traced) => term({ loss, images: of }).add(np.zeros([])))(x);
    },
    { name: "input curvature" },
  );
  const [found, [gradient]] = await value(params, images, oneHot(labels, 3));
  const way = await ways();
  const wanted = async (x: Float64Array) => {
    const [here, there] = [await slopes(x), await slopes(x.map((v, j) => v + way[j]!))];
    return here.reduce((sum, v, j) => sum + (there[j]! - v) ** 2, 0) / n;
  };
  const at = Float64Array.from(images.data);
  expect(found.item()).toBeCloseTo(await wanted(at), 5);
  expect(found.item()).toBeGreaterThan(1e-3);
  const largest = Math.max(...gradient.data.map(Math.abs));
  for (let j = 0; j < n * d; j++) {
    const moved = (by: number) => wanted(at.map((v, k) => (k === j ? v + by : v)));
    const slope = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
    expect(Math.abs(gradient.data[j]! - slope)).toBeLessThan(1e-3 * largest);
  }
  value.dispose();
});
