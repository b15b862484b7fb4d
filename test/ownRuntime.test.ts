import { afterEach, beforeEach, expect, test } from "vitest";
import { normalise } from "../src/data/normalise.ts";
import type { EmpiricalMeasure } from "../src/discrepancies/discrepancy.ts";
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { defaultRuntime, openRuntime, type Runtime } from "../src/engine/index.ts";
import { coresetAsSet, evaluate } from "../src/evaluate/index.ts";
import { convnet, parseNetwork } from "../src/hypotheses/index.ts";
import { measure } from "../src/measure/index.ts";
import { tinyDataset } from "./fixtures/tinyDataset.ts";

let runtime: Runtime;
let elsewhere: number;
beforeEach(() => {
  runtime = openRuntime({ executor: onnxruntimeNode({ threads: 1 }) });
  elsewhere = defaultRuntime().live.programs;
});
afterEach(async () => {
  await runtime.dispose();
  expect(runtime.live).toEqual({ programs: 0, sessions: 0 });
  expect(defaultRuntime().live.programs).toBe(elsewhere);
});

test("an evaluation trains in its own runtime alone, and frees what it loaded", async () => {
  const data = await tinyDataset();
  const set = await coresetAsSet(data, "random", 2, 0);
  const networks = [convnet({ depth: 2, width: 4 }), parseNetwork("ntk")];
  let most = 0;
  const onProgress = () => {
    most = Math.max(most, runtime.live.programs);
  };
  await evaluate(set, data, { networks, repeats: 1, epochs: 2, baselines: [], runtime, onProgress });
  expect(most).toBeGreaterThan(0);
  expect(runtime.live.programs).toBe(0);
});

test("a measurement computes in its own runtime alone", async () => {
  const data = await tinyDataset({ perClass: 40 });
  const side = (name: "train" | "test"): EmpiricalMeasure => ({
    name,
    points: normalise(data, name),
    labels: data[name].labels,
    classes: data.classes,
  });
  const network = convnet({ depth: 2, width: 4 });
  const discrepancies = [
    "mmd-gamma",
    "mmd-ntk",
    "gradient",
    "ipm",
    "robust-loss",
    "generalization",
    "moments",
    "characteristic",
    "wasserstein-dual",
    "sinkhorn",
    "sliced-wasserstein",
  ];
  const { values } = await measure(side("train"), side("test"), { discrepancies, network, runtime });
  expect(Object.keys(values)).toEqual(discrepancies);
  expect(runtime.live.programs).toBeGreaterThan(5);
});
