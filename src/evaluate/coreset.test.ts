import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { load } from "../data/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { coresetAsSet, coresetDraws } from "./coreset.ts";
import { evaluate } from "./index.ts";

test.each(["random", "kmeans", "kcenter"])(
  "%s is another subset in every repeat, the named one in the first",
  async (rule) => {
    const dataset = await tinyDataset({ perClass: 20 });
    const { redrawn, at } = coresetDraws(dataset, rule, 3, 5);
    expect(redrawn).toBe(true);
    const named = await coresetAsSet(dataset, rule, 3, 5);
    expect((await at(0)).images.data).toEqual(named.images);
    expect((await at(1)).images.data).not.toEqual((await at(0)).images.data);
    const again = coresetDraws(dataset, rule, 3, 5);
    expect((await again.at(1)).images.data).toEqual((await at(1)).images.data);
  },
);

test.each(["herding", "mfc", "full"])("%s is one set", async (rule) => {
  const { redrawn, at } = coresetDraws(await tinyDataset({ perClass: 20 }), rule, 3, 5);
  expect(redrawn).toBe(false);
  expect(await at(1)).toBe(await at(0));
});

test("the spread of a subset is over draws, that of a set over networks", async () => {
  const dataset = await load("digits");
  const set = await coresetAsSet(dataset, "random", 1, 0);
  const options = { networks: [parseNetwork("ntk")], repeats: 3, augmentation: "none" };
  const kept = await evaluate(set, dataset, { ...options, baselines: ["kmeans", "herding"] });
  const drawn = await evaluate(set, dataset, { ...options, baselines: [], redrawn: true });
  const runs = (at: typeof kept.results) => at[0]!.accuracy!.runs;
  // A network in closed form is the same in every run: only sets differ.
  expect(runs(kept.results)).toHaveLength(1);
  expect(runs(kept.baselines.herding!.results)).toHaveLength(1);
  expect(runs(kept.baselines.kmeans!.results)).toHaveLength(3);
  expect(runs(drawn.results)).toHaveLength(3);
  expect(runs(drawn.results)[0]).toBe(runs(kept.results)[0]);
  expect(new Set(runs(drawn.results)).size).toBeGreaterThan(1);
});
