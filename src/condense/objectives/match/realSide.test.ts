import { expect, test } from "vitest";
import { cheapRun } from "../../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { randomKey, Tensor } from "../../../engine/index.ts";
import { buildNetwork } from "../../../hypotheses/index.ts";
import { dc, dm, type Method } from "../../../methods/index.ts";
import { resolveConfiguration } from "../../configuration.ts";
import { realBatchOf } from "../../realBatch.ts";
import { type HostTree, RealSide } from "./realSide.ts";
import { matchingTerms, numbered } from "./terms.ts";

const data = await tinyDataset();
const [classes, each] = [3, 4];

/** The statistic of a method's terms of a batch of `each` images of each class: of the batch, and of every image alone. */
async function statisticOf(method: Method) {
  const configuration = resolveConfiguration(data, method, cheapRun(method));
  const network = buildNetwork(configuration.network, data.shape, classes);
  const real = new RealSide(network, numbered(matchingTerms(configuration, network)));
  const positions = Array.from({ length: classes }, () => Array.from({ length: each }, (_, i) => i));
  const samples = await readerOf(data).batch("a test", { classes: [0, 1, 2], positions });
  const batch = realBatchOf(samples, classes, classes);
  const hypothesis = { params: network.init(randomKey(3)), accuracy: 0 };
  const chunks = { means: 5, gradients: 3 };
  const statistic = real.statistic(hypothesis, {}, chunks, false, Number.POSITIVE_INFINITY);
  const alone: HostTree[] = [];
  for await (const { trees } of statistic.perSample(batch)) alone.push(trees);
  const whole: HostTree = (await statistic.of(batch)).trees;
  real.dispose();
  return { whole: leaves(whole), alone: alone.map((tree) => leaves(tree)) };
}

/** The leaves of a tree by path. */
const leaves = (tree: HostTree, path = ""): [string, Tensor][] =>
  Object.entries(tree).flatMap(([name, node]) =>
    node instanceof Tensor ? [[`${path}/${name}`, node]] : leaves(node, `${path}/${name}`),
  );

test.each([
  ["gradients", dc],
  ["embeddings", dm],
] as const)("%s of each image alone have their class's as their mean", async (_, method) => {
  const { whole, alone } = await statisticOf(method);
  expect(alone).toHaveLength(classes * each);
  expect(whole.length).toBeGreaterThan(method === dc ? 4 : 0);
  const size = Math.hypot(...whole.flatMap(([, t]) => Array.from(t.data)));
  for (const [at, [path, batch]] of whole.entries())
    for (let c = 0; c < classes; c++) {
      const own = alone.slice(c * each, (c + 1) * each).map((tree) => tree[at]!);
      expect(own.map(([name, { shape }]) => [name, shape[0]])).toEqual(own.map(() => [path, 1]));
      const mean = Array.from(own[0]![1].data, (_, k) => own.reduce((sum, [, t]) => sum + t.data[k]! / each, 0));
      const wanted = batch.rows(c, c + 1).data;
      expect(mean).toHaveLength(wanted.length);
      for (const [k, value] of mean.entries()) expect(Math.abs(value - wanted[k]!)).toBeLessThan(1e-6 * size);
    }
  // No two images have the same: nothing is a mean already.
  const first = alone.map((tree) => tree.map(([, t]) => Array.from(t.data).join()).join());
  expect(new Set(first).size).toBe(classes * each);
});
