import { expect, test } from "vitest";
import { cheapRun } from "../../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../../test/fixtures/tinyDataset.ts";
import { readerOf } from "../../../data/reader.ts";
import { randomKey, Tensor, tensor } from "../../../engine/index.ts";
import { buildNetwork } from "../../../hypotheses/index.ts";
import { dc, dm, type Method } from "../../../methods/index.ts";
import { resolveConfiguration } from "../../configuration.ts";
import { realBatchOf } from "../../realBatch.ts";
import type { HostTree } from "./hostTree.ts";
import { RealSide } from "./realSide.ts";
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
  const { parts, rows, from } = statistic.summands!;
  const length = (await parts(batch)).reduce((sum, part) => sum + part.length, 0);
  const alone: Float32Array[] = [];
  for await (const own of rows(batch))
    for (let at = 0; at < own.length; at += length) alone.push(own.subarray(at, at + length));
  const means = Tensor.stack(
    Array.from({ length: classes }, (_, c) => {
      const own = alone.slice(c * each, (c + 1) * each);
      return tensor(Float32Array.from({ length }, (_, k) => own.reduce((sum, row) => sum + row[k]! / each, 0)));
    }),
  );
  const added: HostTree = (await from(means, batch)).trees;
  const whole: HostTree = (await statistic.of(batch)).trees;
  real.dispose();
  return { whole: leaves(whole), added: leaves(added), alone };
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
  const { whole, added, alone } = await statisticOf(method);
  expect(alone).toHaveLength(classes * each);
  expect(whole.length).toBeGreaterThan(method === dc ? 4 : 0);
  expect(new Map(added).size).toBe(whole.length);
  const size = Math.hypot(...whole.flatMap(([, t]) => Array.from(t.data)));
  for (const [path, { shape, data: wanted }] of whole) {
    const found = new Map(added).get(path)!;
    expect(found.shape).toEqual(shape);
    for (const [k, value] of wanted.entries()) expect(Math.abs(value - found.data[k]!)).toBeLessThan(1e-6 * size);
  }
  // No two images have the same: nothing is a mean already.
  expect(new Set(alone.map((row) => Array.from(row).join())).size).toBe(classes * each);
});
