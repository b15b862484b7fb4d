import { grad, numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { onnxruntimeNode } from "./executors/onnxruntime.node.ts";
import { oracle } from "./executors/oracle.ts";
import { givenDerivatives } from "./givenDerivatives.ts";
import { type Tensor, tensor } from "./tensor.ts";
import { trace } from "./trace.ts";

/** Σ w x² y over [2, 3], by hand and with its derivatives 2 x y and x² given; y is a row. */
const plain = (x: Traced, y: Traced) => np.square(x).mul(y);
const given = (x: Traced, y: Traced) =>
  givenDerivatives(np.square(x.ref).mul(y.ref), [x.ref, x.ref.mul(y.ref).mul(2)], [y, np.square(x)]);

const x = tensor([1, -2, 3, 0.5, 0, 4], [2, 3]);
const y = tensor([2, -1, 0.25], [1, 3]);
const w = tensor([1, 2, -1, 0.5, 3, 1], [2, 3]);

type Pair = [Traced, Traced];
type Fn = (x: Traced, y: Traced) => Traced;
const first = (f: Fn) => (a: Traced, b: Traced, weights: Traced) =>
  grad((p: Traced, q: Traced) => np.sum(f(p, q).mul(weights)), { argnums: [0, 1] })(a, b) as unknown as Pair;
const second = (f: Fn) => (a: Traced, b: Traced, weights: Traced) =>
  grad(
    (p: Traced, q: Traced) => {
      const [dx, dy] = first(f)(p, q, weights.ref);
      return np.sum(np.sin(dx)).add(np.sum(np.square(dy)));
    },
    { argnums: [0, 1] },
  )(a, b) as unknown as Pair;

test.each([onnxruntimeNode(), oracle()])("values and derivatives of both orders, on $name", async (executor) => {
  const value = (f: Fn) => (a: Traced, b: Traced, weights: Traced) => [f(a, b).mul(weights)];
  for (const order of [value, first, second]) {
    const at = async (f: Fn) => (await compile(order(f), { executor })(x, y, w)) as unknown as Tensor[];
    const [got, wanted] = [await at(given), await at(plain)];
    for (const [k, { data }] of wanted.entries())
      for (const [i, v] of data.entries()) expect(got[k]!.data[i]).toBeCloseTo(v, 3);
  }
});

test("a compiled program computes the value, or the derivative, and nothing that is zero", async () => {
  const operators = async (fn: (...a: Traced[]) => unknown, args: Tensor[]) => {
    const [, structure] = tree.flatten(args as never) as unknown as [unknown, { toString(): string }];
    return (await trace({ name: "test", fn: fn as never, structure, examples: args })).graph.nodes.map(({ op }) => op);
  };
  expect(await operators(given, [x, y])).toEqual(["mul", "mul"]);
  // Twice x y and x², each times the weights, x² y for neither, and the sum over the rows that share y.
  const derivative = await operators(first(given), [x, y, w]);
  expect(derivative.filter((op) => op === "mul").length).toBeLessThanOrEqual(6);
  expect(derivative.filter((op) => op === "reduce")).toHaveLength(1);
  expect(derivative).not.toContain("sub");
});
