import { expect, test } from "vitest";
import { resolveConfiguration } from "../condense/configuration.ts";
import { randomKey } from "../engine/index.ts";
import { protocolFor } from "../evaluate/index.ts";
import { methods } from "../methods/index.ts";
import { domainOf, imageDomain, tableDomain } from "./domain.ts";
import { knownDatasets } from "./knownDatasets.ts";
import { makeDataset } from "./makeDataset.ts";

/** A dataset of noise; `known` has a known dataset's domain. */
const noise = (shape: readonly [number, number, number], known?: "mnist") => {
  const each = shape[0] * shape[1] * shape[2];
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
  const images = Float32Array.from(randomKey(1).normal(40 * each), Math.fround);
  const split = { images, labels };
  const domain = knownDatasets.find(({ name }) => name === known)?.domain;
  return makeDataset({
    name: "own",
    ...(domain && { domain }),
    shape,
    classes: ["a", "b"],
    train: split,
    test: split,
    scale: 1,
    source: "test",
  });
};

test("an array's shape tells images from rows of a table", () => {
  expect(domainOf([7, 1, 1])).toEqual(tableDomain(7));
  expect(domainOf([7, 1, 1])).toMatchObject({ kind: "table", shape: [7], axes: ["feature"], network: { name: "mlp" } });
  expect(domainOf([1, 1, 5]).kind).toBe("image");
  expect(domainOf([3, 8, 8])).toMatchObject({ shape: [3, 8, 8], axes: ["channel", "height", "width"] });
});

test("grey images are not mirrored unless their dataset says so, and images of things are", () => {
  const mirrored = (name: string) => knownDatasets.find((d) => d.name === name)!.domain.augmentations.includes("flip");
  expect(["digits", "mnist", "svhn"].map(mirrored)).toEqual([false, false, false]);
  expect(["fashion-mnist", "cifar-10", "cifar-100"].map(mirrored)).toEqual([true, true, true]);
  expect(imageDomain([1, 28, 28])).toEqual(knownDatasets.find((d) => d.name === "mnist")!.domain);
  expect(imageDomain([3, 32, 32]).augmentations).toContain("flip");
});

test("a person's own grey 28x28 images are augmented, evaluated and looked at as MNIST's are", async () => {
  const [own, mnist] = [await noise([1, 28, 28]), await noise([1, 28, 28], "mnist")];
  for (const method of methods) {
    const of = (data: typeof own) => {
      try {
        const { augmentation, matching, network } = resolveConfiguration(data, method, { ipc: 1 });
        return { augmentation, matching, network };
      } catch (error) {
        return String(error);
      }
    };
    expect(of(own), method.name).toEqual(of(mnist));
  }
  expect(await protocolFor(own)).toEqual(await protocolFor(mnist));
});

test("rows of a table have an MLP and no augmentation where nothing is asked for", async () => {
  const table = await noise([6, 1, 1]);
  const dm = methods.find(({ name }) => name === "dm")!;
  expect(resolveConfiguration(table, dm, { ipc: 1 })).toMatchObject({
    network: { name: "mlp", options: { depth: 2, width: 128 } },
    augmentation: "",
    matching: "none",
  });
  expect((await protocolFor(table)).recipe.augmentation).toBe("");
});

test.each([
  [
    "a network of images",
    "dm",
    { network: { name: "convnet", options: {} } },
    /network convnet serves images.*rows of a table, which mlp and linear serve/,
    "--net mlp",
  ],
  [
    "a data space of images",
    "nsd",
    {},
    /data space spectral serves images.*rows of a table, which pixels and latent serve/,
    "attar methods",
  ],
  [
    "multi-formation",
    "dm",
    { settings: { "synthetic.factor": 2 } },
    /multi-formation by 2/,
    "--set synthetic.factor=1",
  ],
  ["an augmentation", "dm", { augmentation: "siamese" }, /made for images/, "--set augmentation=none"],
] as const)("%s is refused for rows of a table", async (_, name, options, message, hint) => {
  const table = await noise([6, 1, 1]);
  const method = methods.find((m) => m.name === name)!;
  expect(() => resolveConfiguration(table, method, { ipc: 1, ...options })).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message),
      hint: expect.stringContaining(hint),
      exitCode: 2,
    }),
  );
});
