import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { loadPlugins } from "../../src/cli/plugins.ts";
import { methodFrom, resolveConfiguration } from "../../src/condense/index.ts";
import { buildNetwork, mlp } from "../../src/hypotheses/index.ts";
import { viewNamed } from "../../src/views/index.ts";
import { namedDataset } from "../fixtures/namedDataset.ts";

const page = readFileSync(new URL("../../docs/methods.md", import.meta.url), "utf8");

/** The first block of code in a language. */
const block = (language: string) => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)![1]!;

test("the record on the page of methods is one, and its hyperparameters serve a run", () => {
  const { terms, update, steps } = resolveConfiguration(namedDataset("mnist"), methodFrom(JSON.parse(block("json"))), {
    ipc: 1,
  });
  expect(terms!.map(({ weight, over, discrepancy }) => [weight, over, discrepancy.options])).toEqual([
    [1, "class", { variance: 0.5 }],
    [0.1, "set", { norm: "squared" }],
  ]);
  expect([update.rule, steps]).toEqual(["adam", 100]);
});

test("the module on the page of methods registers a view that takes an image's mean off", async () => {
  const folder = mkdtempSync(join(tmpdir(), "attar-page-"));
  try {
    const path = join(folder, "parts.mjs");
    writeFileSync(path, block("js"));
    await loadPlugins([path]);
    const network = buildNetwork(mlp(), [1, 2, 2], 2);
    const view = viewNamed("contrast").make({}) as (...of: unknown[]) => Record<string, { js(): unknown }>;
    expect(
      view(
        network,
        {},
        np.array([
          [
            [
              [1, 2],
              [3, 6],
            ],
          ],
        ]),
      ).contrast!.js(),
    ).toEqual([[-2, -1, 0, 3]]);
  } finally {
    await loadPlugins([]);
    rmSync(folder, { recursive: true });
  }
});
