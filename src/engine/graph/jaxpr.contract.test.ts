import { grad, jit, lax, makeJaxpr, numpy as np } from "@jax-js/jax";
import { beforeAll, expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { jaxReady } from "../trace.ts";
import type { JaxprLike } from "./fromJaxpr.ts";

type Made = { jaxpr: { jaxpr: JaxprLike; consts: unknown[] }; treedef: unknown };
const made = (fn: unknown, ...args: unknown[]) => makeJaxpr(fn as never)(...(args as never)) as unknown as Made;
const jaxprOf = (fn: unknown, ...args: unknown[]) => made(fn, ...args).jaxpr.jaxpr;
const image = () => np.ones([2, 3, 6, 6]);

beforeAll(async () => {
  await jaxReady();
});

test("the version is one exact number: these fields are no public interface of jax-js", () => {
  expect(manifest.dependencies["@jax-js/jax"]).toMatch(/^\d+\.\d+\.\d+$/);
});

test("binders, equations and results have identities, shapes and types", () => {
  const { inBinders, eqns, outs } = jaxprOf((x: np.Array, y: np.Array) => x.add(y).mul(2), np.ones([3]), np.ones([3]));
  expect(inBinders.map((v) => v.aval.shape)).toEqual([[3], [3]]);
  expect(inBinders.map((v) => String(v.aval.dtype))).toEqual(["float32", "float32"]);
  const [sum, product] = eqns;
  expect([sum!.primitive, product!.primitive]).toEqual(["add", "mul"]);
  expect(sum!.inputs).toEqual(inBinders);
  expect(product!.inputs).toContain(sum!.outBinders[0]);
  expect(product!.inputs.some((i) => "value" in i && i.value === 2 && i.aval.shape.length === 0)).toBe(true);
  expect(outs).toEqual(product!.outBinders);
});

test("captured arrays are leading binders, in the order of the constants", () => {
  const [a, b] = [np.array([1, 2]), np.array([5, 6])];
  const { consts, jaxpr } = made((x: np.Array) => x.mul(a.ref).add(b.ref), np.ones([2])).jaxpr;
  expect(consts).toHaveLength(2);
  expect(jaxpr.inBinders).toHaveLength(3);
});

test("a nested jit carries its own jaxpr", () => {
  const inner = jit((x: np.Array) => np.exp(x));
  const eqn = jaxprOf((x: np.Array) => inner(x), np.ones([2])).eqns.find((e) => e.primitive === "jit");
  expect((eqn!.params.jaxpr as JaxprLike).eqns.map((e) => e.primitive)).toContain("exp");
});

test("the primitives of a convolution network carry the parameters that their rules read", () => {
  const { eqns } = jaxprOf(
    (w: np.Array) =>
      grad((v: np.Array) => {
        const y = np.maximum(convolution(image(), v), 0);
        return np.sum(np.max(y, [2, 3]));
      })(w),
    np.ones([4, 3, 3, 3]),
  );
  const params = (primitive: string) => eqns.find((e) => e.primitive === primitive)?.params;
  expect(Object.keys(params("conv")!).sort()).toEqual(
    ["lhsDilation", "padding", "rhsDilation", "strides", "vmapDims"].sort(),
  );
  expect(Object.keys(params("reduce")!)).toEqual(expect.arrayContaining(["axis", "op"]));
  expect(Object.keys(params("broadcast")!)).toEqual(expect.arrayContaining(["axis", "shape"]));
});

function convolution(x: np.Array, w: np.Array): np.Array {
  return lax.convGeneralDilated(x, w, [1, 1], "SAME");
}
