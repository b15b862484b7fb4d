import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import golden from "../../../golden/kernels/neuralTangents.json" with { type: "json" };
import { compile, type Tensor } from "../../engine/index.ts";
import { convolutionalKernel } from "./convolutional.ts";
import { fullyConnectedKernel } from "./fullyConnected.ts";
import type { Limit } from "./infiniteWidth.ts";
import { type Kernel, rowsOf } from "./kernel.ts";

type Case = (typeof golden)[number]["case"];

const kernelOf = (limit: Limit, c: Case): Kernel =>
  c.kind === "convolutional"
    ? convolutionalKernel(limit, c.input as [number, number, number], { ...c, pooling: c.pooling as "avg" | "none" })
    : fullyConnectedKernel(limit, c);

function points(c: Case): { x: Tensor; y: Tensor } {
  const x = formulaTensor([c.n, ...c.input], 1);
  const y = formulaTensor([c.m, ...c.input], 2);
  y.data.set(x.rows(0, 1).data as Float32Array, y.data.length - x.data.length / c.n);
  return { x, y };
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  const scale = Math.max(...Array.from(b, Math.abs));
  return Math.max(...Array.from(a, (v, k) => Math.abs(v - b[k]!))) / scale;
};

describe.each(golden)(
  "$case.kind, depth $case.depth, $case.pooling, against neural-tangents",
  ({ case: c, ...expected }) => {
    test.each(["ntk", "nngp"] as const)("%s", async (limit) => {
      const { x, y } = points(c);
      const kernel = kernelOf(limit, c);
      expect(largest(kernel.exact!(rowsOf(x), rowsOf(y)), expected[limit])).toBeLessThan(1e-10);
      const traced = await compile(kernel.matrix)(kernel.parameters, x, y);
      expect(largest(traced.data, expected[limit])).toBeLessThan(1e-5);
      const own = await compile(kernel.diagonal)(kernel.parameters, x);
      const all = kernel.exact!(rowsOf(x), rowsOf(x));
      const diagonal = Array.from({ length: c.n }, (_, i) => all[i * c.n + i]!);
      expect(largest(own.data, diagonal)).toBeLessThan(1e-5);
    });
  },
);
