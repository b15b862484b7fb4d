import { describe, expect, test } from "vitest";
import { freeBatch } from "./freeBatch.ts";
import { type OnnxModel, onnxTypes } from "./model.ts";

const int64 = (name: string, values: readonly number[]) => ({
  name,
  type: onnxTypes.int64,
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

const modelOf = (n: number, op: string, shape: readonly number[]): OnnxModel => ({
  nodes: [{ op, inputs: ["i0", "c0"], outputs: ["o0"] }],
  inputs: [{ name: "i0", type: onnxTypes.float32, shape: [n, 4] }],
  outputs: [{ name: "o0", type: onnxTypes.float32, shape }],
  initializers: [int64("c0", shape)],
});

const numbers = (model: OnnxModel, name: string) =>
  Array.from(model.initializers.find((c) => c.name === name)!.data as BigInt64Array, Number);

describe("a model for batches of any size", () => {
  test("a reshape infers the batch, and inputs and outputs name it", () => {
    const free = freeBatch([modelOf(2, "Reshape", [4, 2]), modelOf(3, "Reshape", [6, 2])], [2, 3], "i0")!;
    expect(numbers(free, free.nodes[0]!.inputs[1]!)).toEqual([-1, 2]);
    expect([free.inputs[0]!.shape, free.outputs[0]!.shape]).toEqual([
      ["N", 4],
      ["N", 2],
    ]);
  });

  test("another operator gets the shape computed", () => {
    const free = freeBatch([modelOf(2, "Expand", [5, 4, 4]), modelOf(3, "Expand", [5, 6, 4])], [2, 3], "i0")!;
    expect(free.nodes.map(({ op }) => op)).toEqual(["Shape", "Gather", "Mul", "Concat", "Expand"]);
    expect(free.nodes[3]!.inputs.map((name) => (name.endsWith("free") ? "free" : numbers(free, name)))).toEqual([
      [5],
      "free",
      [4],
    ]);
    expect(numbers(free, free.nodes[2]!.inputs[1]!)).toEqual([2]);
  });

  test("a constant that is the same for every sample is kept once, and another one is none", () => {
    const adding = (n: number, values: readonly number[]): OnnxModel => ({
      ...modelOf(n, "Add", [n, 4]),
      initializers: [
        {
          name: "c0",
          type: onnxTypes.float32,
          shape: [n, 4],
          data: Float32Array.from({ length: 4 * n }, (_, i) => values[i % values.length]!),
        },
      ],
    });
    const free = freeBatch([adding(2, [1, 2, 3, 4]), adding(3, [1, 2, 3, 4])], [2, 3], "i0")!;
    expect(free.nodes.map(({ op }) => op)).toEqual(["Shape", "Gather", "Mul", "Concat", "Expand", "Add"]);
    expect(free.nodes[4]!.outputs).toEqual(["c0"]);
    const once = free.initializers.find((c) => c.name === "c0_once")!;
    expect(once.shape).toEqual([1, 4]);
    expect([...new Float32Array((once.data as Uint8Array).slice().buffer)]).toEqual([1, 2, 3, 4]);
    expect(freeBatch([adding(2, [1, 2, 3]), adding(3, [1, 2, 3])], [2, 3], "i0")).toBeUndefined();
  });

  test("models that differ in more are none", () => {
    const pairs: [OnnxModel, OnnxModel][] = [
      [modelOf(2, "Reshape", [2, 4]), modelOf(3, "Expand", [3, 4])],
      [modelOf(2, "Reshape", [2, 4]), modelOf(3, "Reshape", [3, 5])],
      [modelOf(2, "Reshape", [2, 4]), modelOf(3, "Reshape", [4, 4])],
      [modelOf(2, "Reshape", [2, 4]), modelOf(3, "Reshape", [3, 4, 1])],
    ];
    for (const pair of pairs) expect(freeBatch(pair, [2, 3], "i0")).toBeUndefined();
  });
});
