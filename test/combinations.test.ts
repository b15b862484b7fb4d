import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { condense } from "../src/condense/index.ts";
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { AttarError, openRuntime, useRuntime } from "../src/engine/index.ts";
import type { Method } from "../src/methods/method.ts";
import { cheapRun } from "./fixtures/cheapRun.ts";
import { randomRecord, record } from "./fixtures/randomRecord.ts";
import { tinyDataset } from "./fixtures/tinyDataset.ts";

// One thread: programs so small are loaded for longer than they run, and each thread loads its own.
beforeAll(() => useRuntime(openRuntime({ executor: onnxruntimeNode({ threads: 1 }) })));

const data = await tinyDataset();

/** Two steps of a record: "runs", or the reason why its parts do not go together, names and numbers left out. */
async function outcome(method: Method): Promise<string> {
  let images: Float32Array | undefined;
  try {
    const options = "none" in method.objective ? { ipc: 2 } : { ...cheapRun(method), steps: 2 };
    for await (const event of condense(data, method, options)) if (event.event === "done") images = event.set.images;
  } catch (error) {
    if (!(error instanceof AttarError) || error.exitCode !== 2) throw error;
    return `${error.code}: ${withoutNames(error.message, method)}`;
  }
  expect(images!.every(Number.isFinite)).toBe(true);
  return "runs";
}

/** A sentence with the record's own names and numbers replaced: what is left is the reason. */
function withoutNames(sentence: string, method: Method): string {
  const names = [...JSON.stringify(method).matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name!);
  const longest = [...new Set(names)].sort((a, b) => b.length - a.length);
  return longest
    .reduce((text, name) => text.replaceAll(new RegExp(`(?<![a-z-])${name}(?![a-z-])`, "g"), "…"), sentence)
    .replaceAll(/\d+/g, "#");
}

/** The fields of a record that are drawn. */
const chosen = ({ title, citation, formula, reference, departures, recipe, name, ...rest }: Method) => rest;

/** The committed reasons, a line each. */
const reasons = () =>
  readFileSync(new URL("../golden/combinations/reasons.txt", import.meta.url), "utf8")
    .trim()
    .split("\n");

const count = Number(process.env.ATTAR_RECORDS ?? 50);

test(
  `of ${count} records drawn from all registries at least 60 % run, and the others are refused for a listed reason`,
  async () => {
    const drawn = fc.sample(randomRecord, { seed: 20, numRuns: count });
    const outcomes: string[] = [];
    const faults: string[] = [];
    for (const [index, method] of drawn.entries())
      await outcome(method).then(
        (text) => outcomes.push(text),
        (error) => faults.push(`record ${index}, ${JSON.stringify(chosen(method))}: ${error}`),
      );
    const refused = outcomes.filter((text) => text !== "runs");
    if (process.env.ATTAR_RECORDS) {
      console.error(`${outcomes.length - refused.length} of ${count} ran, ${faults.length} failed`);
      for (const reason of new Set(refused)) console.error(refused.filter((r) => r === reason).length, reason);
    }
    expect(faults).toEqual([]);
    expect([...new Set(refused)].filter((reason) => !reasons().includes(reason))).toEqual([]);
    expect(refused.length).toBeLessThanOrEqual(0.4 * count);
  },
  count * 30_000,
);

const matching = (view: string, discrepancy: string, options = {}) =>
  ({ match: [{ view: { name: view }, discrepancy: { name: discrepancy, options } }] }) as Method["objective"];

const cases: readonly [string, Partial<Method>, string][] = [
  [
    "DM with learned labels, which a classifying term reads",
    {
      objective: matching("embedding", "mean-difference"),
      hypotheses: { name: "fresh" },
      labels: { learned: true },
      tricks: [{ name: "classification", options: { weight: 0.1 } }],
    },
    "runs",
  ],
  [
    "DM with learned labels that nothing reads",
    {
      objective: matching("embedding", "mean-difference"),
      hypotheses: { name: "fresh" },
      labels: { learned: true },
    },
    "bad-combination: drawn has no term that reads labels, so they would never be learned",
  ],
  [
    "DC with learned labels",
    {
      objective: matching("loss-gradient", "gradient-layerwise"),
      hypotheses: { name: "alternating" },
      labels: { learned: true, form: "softmax" },
    },
    "runs",
  ],
  [
    "MTT with the curvature of the loss",
    {
      objective: { solve: { name: "unrolled" }, criterion: { name: "parameter-distance" } },
      hypotheses: { name: "experts" },
      tricks: [{ name: "loss-curvature", options: { weight: 0.1 } }],
    },
    "runs",
  ],
  [
    "KIP with a k-means proxy of T",
    {
      objective: {
        solve: { name: "kernel-ridge", options: { kernel: "ntk", depth: 1 } },
        criterion: { name: "regression-loss" },
      },
      labels: { learned: true, form: "centred" },
      tricks: [{ name: "kmeans" }],
    },
    "runs",
  ],
  [
    "a coreset inside an autoencoder's codes",
    { initialisation: { name: "herding", options: { encoder: "autoencoder:4,epochs=1" } } },
    "runs",
  ],
  [
    "M3D with the tangent kernel",
    { objective: matching("embedding", "mmd", { kernel: "ntk" }), hypotheses: { name: "fresh" } },
    "runs",
  ],
];

test.each(cases)("%s", async (_, drawn, wanted) => {
  expect((await outcome(record(drawn))).replace("…", "drawn")).toBe(wanted);
});
