import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { Normalisation } from "./dataset.ts";
import { makeDataset } from "./makeDataset.ts";
import { normalise } from "./normalise.ts";
import { renormalised } from "./renormalised.ts";

test("images come out as the other normalisation makes them of the same stored pixels", async () => {
  const bytes = await tinyDataset();
  const share = (values: Uint8Array | Float32Array) => Float32Array.from(values, (v) => v / 255);
  const floats = await makeDataset({
    ...bytes,
    scale: 1,
    mean: [0.25],
    std: [0.5],
    train: { ...bytes.train, images: share(bytes.train.images) },
    test: { ...bytes.test, images: share(bytes.test.images) },
  });
  const whitened = await makeDataset({ ...bytes, scale: 255 }, "zca");
  const own = (data: typeof bytes) => normalise(data, "test").data as Float32Array;
  const between = (from: Normalisation, to: Normalisation, images: Float32Array) =>
    renormalised(images, bytes.shape, from, to, ["one", "the other"]);
  for (const [a, b] of [
    [bytes, floats],
    [floats, bytes],
    [bytes, whitened],
    [whitened, floats],
  ] as const) {
    const found = between(a.normalisation, b.normalisation, own(a));
    own(b).forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 3);
    });
  }
});
