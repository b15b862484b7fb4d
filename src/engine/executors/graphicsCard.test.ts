import { existsSync } from "node:fs";
import { grad, lax, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile } from "../compile.ts";
import { Tensor } from "../tensor.ts";
import type { Executor } from "./executor.ts";
import { onnxruntimeNode } from "./onnxruntime.node.ts";
import { oracle } from "./oracle.ts";

// Chromium's software Vulkan serves where there is no graphics card.
const software = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (!process.env.VK_DRIVER_FILES && existsSync(software)) {
  process.env.VK_DRIVER_FILES = software;
  process.env.VK_ICD_FILENAMES = software;
}

const ramp = (shape: number[], scale: number) =>
  new Tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => scale * ((i % 7) - 3)),
    shape,
    "float32",
  );
const images = ramp([2, 3, 6, 6], 0.3);
const weights = ramp([4, 3, 3, 3], 0.2);
const far = ramp([2, 4, 6, 6], 0.1);

/** The gradient of a convolution's weights. */
const pulledBack = (executor: Executor) =>
  compile(
    (x: np.Array, w: np.Array, ct: np.Array) =>
      grad((v: np.Array) => np.sum(lax.conv(x, v, [1, 1], "SAME").mul(ct)))(w),
    { executor },
  )(images, weights, far);

test.each([
  ["webgpu", "no graphics card was found that WebGPU can use"],
  ["cuda", "the CUDA provider of onnxruntime-node is not installed"],
] as const)("%s computes what the oracle does, and where it cannot the error says so", async (provider, missing) => {
  try {
    const card = await pulledBack(onnxruntimeNode({ provider }));
    const wanted = await pulledBack(oracle());
    expect(card.shape).toEqual(wanted.shape);
    for (const [i, x] of wanted.data.entries()) expect(card.data[i]).toBeCloseTo(x, 3);
  } catch (error) {
    if ((error as { code?: string }).code !== "runtime") throw error;
    expect((error as Error).message).toContain(missing);
  }
});
