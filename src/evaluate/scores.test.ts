import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { convnet } from "../hypotheses/index.ts";
import { coresetAsSet } from "./coreset.ts";
import { evaluate } from "./index.ts";
import type { Score } from "./scores.ts";

test("kept scores serve the images that they were scored on, and no others of the same name and size", async () => {
  const dataset = await tinyDataset({ perClass: 12 });
  const set = await coresetAsSet(dataset, "herding", 2, 0);
  const kept = new Map<string, Score>();
  const scores = {
    get: (key: string) => kept.get(key),
    set: async (key: string, score: Score) => {
      kept.set(key, score);
    },
  };
  const options = { networks: [convnet({ depth: 1, width: 4 })], epochs: 1, repeats: 1, baselines: [], scores };
  await evaluate(set, dataset, { ...options, redrawn: true });
  await evaluate(set, dataset, { ...options, redrawn: true });
  expect(kept.size).toBe(1);
  const reversed = { ...dataset, train: { ...dataset.train, images: dataset.train.images.slice().reverse() } };
  await evaluate(set, reversed, { ...options, redrawn: true });
  expect(kept.size).toBe(2);
});
