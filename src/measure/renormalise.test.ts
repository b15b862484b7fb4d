import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { Normalisation } from "../data/dataset.ts";
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
