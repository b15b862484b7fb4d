import { describe, expect, test } from "vitest";
import { learnable } from "../../../golden/discrepancies/measure.ts";
import type { OptionValues } from "../../engine/index.ts";
import { mlp } from "../../hypotheses/index.ts";
import { measurableNamed, measurables } from "../registry.ts";

const [a, b] = [learnable(30, 90), learnable(24, 91)];
const quick = { steps: 20, initialisations: 2, samples: 24 };

async function measured(name: string, options: OptionValues = {}) {
  const record = measurableNamed(name);
  const known = Object.entries(quick).filter(([option]) => option in record.options);
  const context = { seed: 1, network: mlp({ width: 8 }) };
  return record.measure(a, b, context, { ...Object.fromEntries(known), ...options });
}

describe("what a search or a sample of a supremum finds is a lower bound", () => {
  const searched = ["ipm", "ipm-critic", "wasserstein-dual", "characteristic-sup", "model-agnostic", "value"];
  test.each(searched)("%s", async (name) => {
    const { bound, stderr, estimator } = await measured(name);
    expect(bound).toBe("lower");
    expect(stderr).not.toBe(0);
    expect(estimator).toMatch(/lower bound/);
  });

  test.each(
    measurables
      .map((d) => d.name)
      .filter((name) => !searched.includes(name) && !/ntk|nngp|nfk|covering|convolution/.test(name)),
  )("%s is none", async (name) => {
    expect((await measured(name)).bound).toBeUndefined();
  });

  test("the mean norm of the value discrepancy is none", async () => {
    expect((await measured("value", { norm: "mean" })).bound).toBeUndefined();
  });
});

describe("what one draw says nothing of is not known", () => {
  test.each([
    ["gradient", { networks: 1 }],
    ["generalization", { initialisations: 1 }],
    ["parameter", { initialisations: 1 }],
    ["sliced-wasserstein", { directions: 1 }],
    ["characteristic", { frequencies: 1 }],
    ["wasserstein", { points: 10, draws: 1 }],
    ["sinkhorn", { points: 10, draws: 1 }],
    ["gradient-cosine", { points: 10 }],
    ["gradient-layerwise", { points: 10 }],
    ["robust-loss", { points: 0 }],
  ] as const)("%s", async (name, settings) => {
    const { stderr } = await measured(name, { ...settings });
    expect(stderr).toBeNaN();
    expect(JSON.parse(JSON.stringify({ stderr }))).toEqual({ stderr: null });
  });

  test.each([
    ["gradient", { networks: 2 }],
    ["generalization", {}],
    ["sliced-wasserstein", { directions: 8 }],
    ["characteristic", { frequencies: 8 }],
    ["wasserstein", { points: 10, draws: 3 }],
    ["robust-loss", { points: 10 }],
  ] as const)("%s with more of them is", async (name, settings) => {
    expect((await measured(name, { ...settings })).stderr).toBeGreaterThan(0);
  });
});
