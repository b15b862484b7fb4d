import { expect, test } from "vitest";
import { resolveConfiguration } from "../src/condense/configuration.ts";
import { type Dataset, domainOf, knownDataset } from "../src/data/index.ts";
import { AttarError } from "../src/engine/index.ts";
import { methods } from "../src/methods/index.ts";

/** Datasets by shape and number of classes; `folder` is a user's own grey images. */
const datasets = [
  ["digits", [1, 8, 8], 10],
  ["mnist", [1, 28, 28], 10],
  ["folder", [1, 28, 28], 10],
  ["fashion-mnist", [1, 28, 28], 10],
  ["cifar-10", [3, 32, 32], 10],
  ["cifar-100", [3, 32, 32], 100],
] as const;
const sizes = [1, 2, 10, 11, 50, 51, 1001];
const imagesPerClass = 5000;

/** A dataset that has labels and no images, which is enough to resolve a configuration. */
function named([name, shape, count]: (typeof datasets)[number]): Dataset {
  const labels = Int32Array.from({ length: count * imagesPerClass }, (_, i) => i % count);
  const none = { images: new Uint8Array(0), labels: new Int32Array(0) };
  return {
    name,
    domain: knownDataset(name)?.domain ?? domainOf(shape),
    shape: [...shape],
    classes: Array.from({ length: count }, (_, c) => String(c)),
    train: { images: none.images, labels },
    test: none,
    normalisation: { scale: 255, mean: shape[0] === 1 ? [0] : [0, 0, 0], std: shape[0] === 1 ? [1] : [1, 1, 1] },
    ...(name !== "folder" && { known: name }),
    checksum: name,
    source: "a table",
  };
}

/** A configuration as lines `path=value`, without what its row is found by. */
function flat(value: object, head = ""): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [key, entry] of Object.entries(value)) {
    const path = head + key;
    if (typeof entry === "object" && entry !== null) for (const [p, v] of flat(entry, `${path}.`)) lines.set(p, v);
    else if (entry !== undefined) lines.set(path, String(entry));
  }
  for (const known of ["method", "dataset", "datasetChecksum", "normalisation", "classes", "ipc", "seed", "preset"])
    if (!head) lines.delete(known);
  return lines;
}

/** The configuration of a row, or the reason of its refusal. */
function resolved(row: {
  dataset: Dataset;
  method: (typeof methods)[number];
  ipc: number;
  preset: "laptop" | "paper";
}) {
  try {
    return flat(resolveConfiguration(row.dataset, row.method, { ipc: row.ipc, preset: row.preset }));
  } catch (error) {
    if (!(error instanceof AttarError)) throw error;
    return new Map([["refused", error.code === "no-recipe" ? error.code : error.message]]);
  }
}

const changes = (lines: Map<string, string>, from: Map<string, string>) => [
  ...[...lines].filter(([path, value]) => from.get(path) !== value).map(([path, value]) => `${path}=${value}`),
  ...[...from.keys()].filter((path) => !lines.has(path) && !lines.has("refused")).map((path) => `${path}: none`),
];

/**
 * The table of what every method resolves to: whole on MNIST at one image a class, and what differs from there at other
 * sizes and datasets. A change of a preset shows its reach in the diff of the file; `npx vitest run test/configurations.test.ts -u`
 * writes it anew.
 */
test("every method's resolved configurations are those of the table", async () => {
  const text: string[] = [];
  const made = datasets.map(named);
  for (const method of methods)
    for (const preset of ["laptop", "paper"] as const) {
      const base = resolved({ dataset: made[1]!, method, ipc: 1, preset });
      text.push(`${method.name} ${preset}`, ...[...base].map(([path, value]) => `  ${path}=${value}`));
      for (const dataset of made) {
        let last = "";
        for (const ipc of sizes) {
          const differing = changes(resolved({ dataset, method, ipc, preset }), base).join(" ");
          if (differing !== last) text.push(`  ${dataset.name} ipc ${ipc}: ${differing || "as above"}`);
          last = differing;
        }
      }
    }
  await expect(`${text.join("\n")}\n`).toMatchFileSnapshot("../golden/baseline/configurations.txt");
});
