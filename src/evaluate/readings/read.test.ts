import { expect, test } from "vitest";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import { namesOfValues, parseReading, read, readingsOf, type TrainedNetwork } from "./index.ts";

/** A network whose outputs are one value, but for the first class. */
function constant(value: number): TrainedNetwork & { passed: number } {
  return {
    passed: 0,
    spec: { name: "mlp", options: {} },
    outputs: "logits",
    async predict({ shape }) {
      const count = shape[0]!;
      this.passed += count;
      return new Tensor(
        Float32Array.from({ length: count * 3 }, (_, i) => (i % 3 === 0 ? 1 : value)),
        [count, 3],
        "float32",
      );
    },
  };
}

const all = readingsOf(["worst-class", "calibration", "loss"].map(parseReading));

test("all readings share one pass over the test split, in several batches", async () => {
  const dataset = await tinyDataset({ perClass: 1200, side: 2 });
  const network = constant(0);
  const values = await read(all, network, dataset, randomKey(0));
  expect(dataset.test.labels.length).toBe(1800);
  expect(network.passed).toBe(1800);
  expect(Object.keys(values)).toEqual(namesOfValues(all, dataset));
  expect(values).toMatchObject({ accuracy: 1 / 3, "worst-class": 0, "worst-class.class-0": 1 });
  expect(values.loss).toBeCloseTo(Math.log(Math.E + 2) - 1 / 3, 6);
});

test("outputs that are no numbers have an accuracy, and no loss", async () => {
  const dataset = await tinyDataset();
  expect(await read(readingsOf([]), constant(Number.NaN), dataset, randomKey(0))).toEqual({ accuracy: 0 });
  await expect(read(all, constant(Number.NaN), dataset, randomKey(0))).rejects.toMatchObject({
    code: "diverged",
    exitCode: 3,
  });
});
