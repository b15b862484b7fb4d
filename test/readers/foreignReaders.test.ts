import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { CondensedSet } from "../../src/data/dataset.ts";
import { load, makeDataset, writeCondensed } from "../../src/data/index.ts";
import { randomKey } from "../../src/engine/index.ts";
import { coresetAsSet } from "../../src/evaluate/index.ts";
import { exportTrainable } from "../../src/evaluate/node/exportTrainable.node.ts";

const interpreter = process.env.ATTAR_PYTHON;
const script = fileURLToPath(new URL("../../examples/readers/check.py", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "attar-readers-"));
afterAll(() => rmSync(root, { recursive: true }));

const pictures = ["npz", "parquet", "huggingface", "png", "imagefolder", "pytorch"];
const rows = ["npz", "csv", "parquet", "huggingface", "pytorch"];

async function digits(): Promise<CondensedSet> {
  return { ...(await coresetAsSet(await load("digits"), "random", 2, 0)), augmentation: "crop_rotate" };
}

/** Whitened colour images of signed floats, with values as labels, a learned rate and a class that no folder can be called. */
async function whitened(): Promise<CondensedSet> {
  const [count, shape, classes] = [90, [3, 8, 8] as const, ["cat", "a/dög", "…"]];
  const images = randomKey(1).uniform(count * 192, -1, 1);
  const split = { images, labels: Int32Array.from({ length: count }, (_, i) => i % 3) };
  const dataset = await makeDataset(
    { name: "pets", shape, classes, train: split, test: split, scale: 1, source: "made in the test" },
    "zca",
  );
  const set = await coresetAsSet(dataset, "random", 1, 0);
  const softLabels = Float32Array.of(1.25, -0.5, 0.25, -0.125, 0.75, 0.0625, 0, 0.5, 1);
  return { ...set, softLabels, loss: "squared-error", learningRate: Math.fround(0.0125), augmentation: "color_flip" };
}

const city = (i: number) => ["Bern", '"Oslo, N"', ""][i % 3];

/** A table with blanks and categories, whose last column is predicted: a class, or numbers. */
async function table(name: string, predicted: (i: number) => string, options: object): Promise<CondensedSet> {
  const path = join(root, `${name}.csv`);
  const lines = Array.from(
    { length: 30 },
    (_, i) => `${i % 4 === 0 ? "" : (i * 0.37).toFixed(2)},${i * 1000 + 7},${city(i)},${predicted(i)}`,
  );
  writeFileSync(path, `income,count,city,label\n${lines.join("\n")}\n`);
  return coresetAsSet(await load(path, { label: "label", drop: ["none"], ...options }), "random", 2, 0);
}

const sets = {
  digits,
  whitened,
  table: () => table("table", (i) => `k${i % 2}`, {}),
  values: () => table("values", (i) => (i * 0.5).toFixed(1), { target: "values" }),
};

describe.skipIf(!interpreter)(
  `exports in the programs that they are for${interpreter ? "" : " (skipped: ATTAR_PYTHON names no Python)"}`,
  () => {
    test("hold what the set's own file holds: names, labels, values, recipe", { timeout: 300_000 }, async () => {
      for (const [name, make] of Object.entries(sets)) {
        const [run, set] = [join(root, name), await make()];
        await writeCondensed(join(run, "condensed.safetensors"), set);
        for (const format of set.table ? rows : pictures) await exportTrainable(set, format, `${run}-${format}`);
      }
      const runs = Object.keys(sets).map((name) => join(root, name));
      const out = execFileSync(interpreter!, [script, ...runs], { encoding: "utf8" });
      const found = out
        .trim()
        .split("\n")
        .map((line) => line.split(":")[0]);
      const wanted = Object.keys(sets).flatMap((name) =>
        (name === "table" || name === "values" ? rows : pictures).map((format) => `${name} ${format}`),
      );
      expect(found.sort()).toEqual(wanted.sort());
    });

    test("a difference is found", { timeout: 300_000 }, async () => {
      const [run, set] = [join(root, "other"), await digits()];
      await exportTrainable(set, "npz", `${run}-npz`);
      await writeCondensed(join(run, "condensed.safetensors"), {
        ...set,
        images: set.images.map((v, i) => (i === 7 ? v + 1e-6 : v)),
      });
      expect(() => execFileSync(interpreter!, [script, run], { stdio: "pipe" })).toThrow(/images: values differ/);
    });
  },
);
