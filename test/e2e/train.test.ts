import { readFileSync, writeFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { load } from "../../src/data/index.ts";
import { workplace } from "./attar.ts";

const { path, attar } = workplace();
const quick = ["--net", "mlp:width=32", "--epochs", "300", "--ipc", "20"];

test("attar train writes a network that reads stored pixels, with the accuracy that it says", {
  timeout: 120_000,
}, async () => {
  const to = path("digits.onnx");
  const { code, stdout } = await attar("train", "random", "--on", "digits", "--to", to, ...quick, "--json");
  expect(code).toBe(0);
  const { evaluation, difference } = JSON.parse(stdout);
  expect(difference).toBeLessThan(1e-3);
  const { test: split, shape, normalisation } = await load("digits");
  const session = await InferenceSession.create(new Uint8Array(readFileSync(to)));
  const stored = Float32Array.from(split.images, (v) => v / normalisation.scale);
  const { probabilities } = await session.run({
    samples: new Tensor("float32", stored, [split.labels.length, ...shape]),
  });
  const rows = probabilities!.data as Float32Array;
  let right = 0;
  split.labels.forEach((label, i) => {
    const row = rows.subarray(10 * i, 10 * i + 10);
    if (row.indexOf(Math.max(...row)) === label) right += 1;
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
  });
  expect(right / split.labels.length).toBeCloseTo(evaluation.results[0].accuracy.mean, 2);
  expect(right / split.labels.length).toBeGreaterThan(0.6);
});

test("attar train overwrites its own file and no other, and says what it needs", { timeout: 120_000 }, async () => {
  const other = path("other.onnx");
  writeFileSync(other, "not ours");
  const taken = await attar("train", "random", "--on", "digits", "--to", other, ...quick);
  expect(taken.code).toBe(2);
  expect(taken.stderr).toContain("choose another name for --to");
  expect(readFileSync(other, "utf8")).toBe("not ours");
  expect((await attar("train", "random", "--on", "digits")).stderr).toContain("add --to model.onnx");
  expect((await attar("train", "random", "--to", "a.onnx")).stderr).toContain("attar train random --on digits");
  const again = ["train", "random", "--on", "digits", "--to", path("again.onnx"), ...quick];
  expect((await attar(...again)).code).toBe(0);
  expect((await attar(...again)).code).toBe(0);
});
