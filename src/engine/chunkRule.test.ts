import { grad, lax, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { sumOverSamples } from "./accumulate.ts";
import { chunkByRule } from "./chunkRule.ts";
import { zeros } from "./tensor.ts";

const [plenty, two] = [1024, 2];

test("16 samples at a time, 32 of little work, of few products a weight, and of long gradients", () => {
  const convolutions = { work: 50e6, fixed: 300_000, result: 11_520 };
  expect(chunkByRule(convolutions, plenty, two)).toBe(16);
  expect(chunkByRule({ ...convolutions, work: 100_000, fixed: 2_000 }, plenty, two)).toBe(32);
  expect(chunkByRule({ ...convolutions, work: 150e6, fixed: 9e6 }, plenty, two)).toBe(32);
  expect(chunkByRule({ work: 150e6, fixed: 300_000, result: 300_001 }, plenty, two)).toBe(32);
  expect(chunkByRule({ work: 3e6, fixed: 5_000, result: 5_001 }, plenty, two)).toBe(16);
  // Sums over the classes of a hundred are long, but no gradients.
  expect(chunkByRule({ ...convolutions, result: 200_000 }, plenty, two)).toBe(16);
});

test("up to four threads chunks are the same; more of them each have one", () => {
  const size = { work: 150e6, fixed: 300_000, result: 300_001 };
  for (const threads of [1, 2, 3, 4]) expect(chunkByRule(size, 256, threads)).toBe(32);
  expect(chunkByRule(size, 256, 16)).toBe(16);
  expect(chunkByRule(size, 64, 8)).toBe(8);
  expect(chunkByRule(size, 64, 200)).toBe(4);
  for (const count of [1, 7, 16]) expect(chunkByRule(size, count, 200)).toBe(count);
});

type Samples = { x: np.Array };
const convolved = (kernel: np.Array, x: np.Array) => lax.convGeneralDilated(x, kernel, [1, 1], "SAME");

test("the sizes are those of the traced sum", async () => {
  const embeddings = sumOverSamples((kernel: np.Array, { x }: Samples) => np.sum(convolved(kernel, x), 0));
  const gradient = sumOverSamples((kernel: np.Array, { x }: Samples) =>
    grad((k: np.Array) => np.sum(np.tanh(convolved(k, x))))(kernel),
  );
  const products = sumOverSamples((weights: np.Array, { x }: Samples) => np.sum(np.matmul(x, weights), 0));
  const wide = zeros([128, 128, 3, 3]);
  const images = { x: zeros([128, 128, 8, 8]) };
  expect(await embeddings.chunkFor(wide, images)).toBe(16);
  expect(await gradient.chunkFor(wide, images)).toBe(32);
  const narrow = zeros([64, 64, 3, 3]);
  expect(await gradient.chunkFor(narrow, { x: zeros([128, 64, 8, 8]) })).toBe(16);
  expect(await embeddings.chunkFor(zeros([2, 1, 3, 3]), { x: zeros([128, 1, 8, 8]) })).toBe(32);
  expect(await products.chunkFor(zeros([784, 512]), { x: zeros([128, 784]) })).toBe(32);
});
