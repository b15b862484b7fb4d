import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { Normalisation } from "../data/dataset.ts";
import { makeDataset } from "../data/makeDataset.ts";
import { normalise } from "../data/normalise.ts";
import { fitZca } from "../data/zca.ts";
import { renormalise } from "./renormalise.ts";

test("images come out as if they had been normalised that way from the start, whitening included", async () => {
  const dataset = await tinyDataset({ perClass: 40 });
  const other = { scale: 1, mean: [0.2], std: [0.7] };
  const zca = { ...dataset.normalisation, zca: await fitZca(dataset) };
  for (const from of [dataset.normalisation, other, zca])
    for (const to of [dataset.normalisation, other, zca]) {
      const make = (normalisation: Normalisation) =>
        normalise({ ...dataset, normalisation: { ...normalisation, scale: 255 } }, "train").data as Float32Array;
      const got = renormalise(make(from), dataset.shape, from, to);
      const expected = make(to);
      expect(Math.max(...got.map((v, i) => Math.abs(v - expected[i]!)))).toBeLessThan(2e-3);
      if (from === to) expect(got).toEqual(expected);
    }
});

test("pictures of two scales come out alike: bytes, and floats of -1 to 1", async () => {
  const dataset = await tinyDataset({ perClass: 8 });
  const images = Float32Array.from(dataset.train.images, (v) => v / 127.5 - 1);
  const signed = await makeDataset({ ...dataset, train: { ...dataset.train, images }, scale: 1, test: undefined });
  const [a, b] = [dataset, signed].map((d) => normalise(d, "train").data as Float32Array);
  const { shape, normalisation } = dataset;
  const back = renormalise(b!, shape, signed.normalisation, { ...normalisation, mean: [0.5] });
  const expected = normalise({ ...dataset, normalisation: { ...normalisation, mean: [0.5] } }, "train").data;
  expect(Math.max(...back.map((v, i) => Math.abs(v - expected[i]!)))).toBeLessThan(1e-4);
  expect(Math.max(...a!.map((v, i) => Math.abs(v - b![i]!)))).toBeLessThan(1e-4);
});

test("numbers whose black and white are not known stand beside pictures in no scale", () => {
  const raw = { scale: 1, mean: [0], std: [1], range: { low: [-0.42], high: [2.8] } };
  const bytes = { scale: 255, mean: [0.5], std: [0.2] };
  expect(() => renormalise(new Float32Array(4), [1, 2, 2], raw, bytes, ["a", "b"])).toThrow(
    "the images of a are numbers whose black and white are not known (they go from -0.42 to 2.8), and those of b have a known scale",
  );
});
