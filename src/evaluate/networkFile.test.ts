import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { Dataset } from "../data/dataset.ts";
import { seriesDomain } from "../data/domain.ts";
import { makeDataset } from "../data/makeDataset.ts";
import { targetOfValues } from "../data/valuesTarget.ts";
import { architectures, parseNetwork } from "../hypotheses/index.ts";
import { coresetAsSet, evaluate, type TrainedNetwork } from "./index.ts";
import { networkFile } from "./networkFile.ts";
import { checkNetworkFile } from "./node/checkNetworkFile.node.ts";

/** A network after an epoch on three samples a class. */
async function trainedOn(dataset: Dataset, net: string) {
  const set = await coresetAsSet(dataset, "random", 3, 0);
  const networks = [parseNetwork(net)];
  let trained: TrainedNetwork | undefined;
  const onTrained = (network: TrainedNetwork) => {
    trained = network;
  };
  await evaluate(set, dataset, { networks, repeats: 1, baselines: [], epochs: 1, augmentation: "none", onTrained });
  return { set, trained: trained! };
}

const names = [
  "convnet:width=32",
  "convnet:width=8,normalisation=batch",
  "mlp",
  "linear",
  "lenet",
  "alexnet",
  "vgg11",
  "resnet18",
  "resnet18:normalisation=batch",
];

test("every network that has weights has a file", () => {
  const tried = new Set([...names, "convnet1d"].map((net) => net.split(":")[0]));
  expect(architectures.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});

describe("a trained network's ONNX file answers as the network does, for batches of any size", () => {
  test.each(names)("%s", { timeout: 120_000 }, async (net) => {
    const dataset = await tinyDataset({ side: net.startsWith("resnet") ? 16 : 32, perClass: 6 });
    const { set, trained } = await trainedOn(dataset, net);
    const file = await networkFile(trained, set, { method: set.method });
    expect(await checkNetworkFile(file, trained, dataset)).toMatchObject({ samples: 12 });
    const text = new TextDecoder("latin1").decode(file);
    for (const part of ["probabilities", '["class 0","class 1","class 2"]', "random"]) expect(text).toContain(part);
    expect(text).not.toContain("com.microsoft");
  });

  test("series go in as they are: [N, channels, time]", async () => {
    const { shape: _, ...plain } = await tinyDataset({ perClass: 6 });
    const dataset = await makeDataset({ ...plain, shape: [8, 8, 1], domain: seriesDomain(8, 8), scale: 255 });
    const { set, trained } = await trainedOn(dataset, "convnet1d:width=8");
    const file = await networkFile(trained, { ...set, domain: dataset.domain });
    expect(await checkNetworkFile(file, trained, dataset)).toMatchObject({ samples: 12 });
  });

  test("whitening is inside", async () => {
    const plain = await tinyDataset({ perClass: 30 });
    const dataset = await makeDataset({ ...plain, scale: 255 }, "zca");
    const { set, trained } = await trainedOn(dataset, "mlp");
    expect(set.normalisation.zca).toBeDefined();
    expect((await checkNetworkFile(await networkFile(trained, set), trained, dataset)).difference).toBeLessThan(1e-3);
  });

  test("numbers come out in their own units, rows of a table go in as rows", async () => {
    const rows = Float32Array.from({ length: 40 * 3 }, (_, i) => Math.sin(i * i));
    const prices = Array.from({ length: 40 }, (_, i) => 100 + 7 * rows[3 * i]!);
    const { target, classes, train } = targetOfValues({ names: ["price"], train: prices, test: prices }, "the test");
    const split = { images: rows, ...train };
    const dataset = await makeDataset({
      name: "table",
      shape: [3, 1, 1],
      classes,
      target,
      train: split,
      test: split,
      scale: 1,
      source: "made in the test",
    });
    const { set, trained } = await trainedOn(dataset, "mlp:width=16");
    const file = await networkFile(trained, set);
    expect((await checkNetworkFile(file, trained, dataset)).samples).toBe(40);
    expect(new TextDecoder("latin1").decode(file)).toContain('["price"]');
  });

  test("a file of another network is found out", async () => {
    const dataset = await tinyDataset();
    const [one, other] = [await trainedOn(dataset, "mlp"), await trainedOn(dataset, "mlp:depth=1")];
    const file = await networkFile(one.trained, one.set);
    await expect(checkNetworkFile(file, other.trained, dataset)).rejects.toMatchObject({ code: "wrong-file" });
  });

  test("an infinitely wide network has none", async () => {
    const dataset = await tinyDataset();
    const { set, trained } = await trainedOn(dataset, "ntk");
    await expect(networkFile(trained, set)).rejects.toThrow("ntk has a kernel and no weights to write");
  });
});
