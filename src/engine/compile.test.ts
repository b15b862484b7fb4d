import { grad, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { oracle } from "./executors/oracle.ts";
import { tensor } from "./tensor.ts";

test("the oracle runs a gradient over trees of host tensors", async () => {
  const f = compile((p: { w: np.Array }, x: np.Array) => grad((w: np.Array) => np.sum(w.ref.mul(w).mul(x)))(p.w), {
    executor: oracle(),
  });
  const g = await f({ w: tensor([1, 2, 3]) }, tensor([1, 1, 2]));
  expect([...g.data]).toEqual([2, 4, 12]);
});
