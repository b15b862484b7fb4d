import type { Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { mapSamples } from "./mapSamples.ts";
import { tensor } from "./tensor.ts";

test.each([{}, { floats: 7 }, { padded: true }])(
  "every sample has its row, whatever the number of samples (%o)",
  async (options) => {
    const fn = (by: Traced, x: { a: Traced; b: Traced }) => ({ sum: x.a.add(x.b).mul(by) });
    const twice = mapSamples(fn, "sums", options);
    for (const n of [1, 15, 16, 37]) {
      const [a, b] = [formulaTensor([n, 2], 1), formulaTensor([n, 2], 2)];
      const { sum } = await twice(tensor(2), { a, b });
      expect(sum.shape).toEqual([n, 2]);
      for (let i = 0; i < 2 * n; i++) expect(sum.data[i]).toBeCloseTo(2 * (a.data[i]! + b.data[i]!), 5);
    }
  },
);
