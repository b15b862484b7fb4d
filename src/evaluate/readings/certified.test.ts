import { expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import { buildNetwork, resolveNetwork } from "../../hypotheses/index.ts";
import { certifiedRadius, clopperPearsonLower } from "./cohen.ts";
import { namesOfValues, parseReading, read } from "./index.ts";

test.each([
  [990, 1000, 0.25, 0.976036, 0.494502],
  [1000, 1000, 0.5, 0.993116, 1.231631],
  [600, 1000, 0.25, 0.551075, 0.032095],
])("%i of %i copies under noise %f", (hits, n, noise, p, radius) => {
  expect(clopperPearsonLower(hits, n, 0.001)).toBeCloseTo(p, 6);
  expect(certifiedRadius(hits, n, noise, 0.001)).toBeCloseTo(radius, 6);
});

test("without a majority that is certain it abstains", () => {
  expect(certifiedRadius(530, 1000, 0.5, 0.001)).toBeUndefined();
  expect(certifiedRadius(0, 10, 0.5, 0.001)).toBeUndefined();
});

test("a linear network's certified radius ends before its decision boundary", async () => {
  const dataset = await tinyDataset({ classes: 2, perClass: 12 });
  const network = buildNetwork(resolveNetwork({ name: "linear" }), dataset.shape, 2);
  // The class is told by pixel rows: weights 1 and −1 on the two bars' rows, in pixels after normalisation.
  const weight = Float32Array.from({ length: 128 }, (_, j) => {
    const row = Math.floor((j % 64) / 8);
    const own = row === 1 ? 1 : row === 3 ? -1 : 0;
    return j < 64 ? own : -own;
  });
  const params = {
    head: { weight: new Tensor(weight, [2, 64], "float32"), bias: new Tensor(new Float32Array(2), [2], "float32") },
  };
  const trained = {
    spec: network.spec,
    outputs: "logits" as const,
    weights: { network, params },
    predict: async () => {
      throw new Error("it takes the weights");
    },
  };
  const specs = ["0.1", "0.4", "5"].map((radius) =>
    parseReading(`certified:noise=0.25,radius=${radius},images=12,copies=200,first=20`),
  );
  const values = await read(specs, trained, dataset, randomKey(0));
  expect(Object.keys(values)).toEqual(namesOfValues(specs, dataset));
  const [near, middle, far] = specs.map(
    (spec) => values[`certified:radius=${spec.options.radius},images=12,first=20,copies=200`],
  );
  expect(near).toBe(1);
  expect(middle!).toBeLessThanOrEqual(near!);
  expect(far).toBe(0);
});
