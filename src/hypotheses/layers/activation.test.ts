import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { compile, type Tensor, tensor } from "../../engine/index.ts";
import { activation } from "./activation.ts";

test("softplus has the values and both derivatives of log(1 + exp(60 x)) / 60, far out too", async () => {
  const stage = activation("softplus")([1]);
  const f = (x: Traced): Traced => np.sum(stage.apply({}, x, { moments: "batch" }));
  const first = (x: Traced): Traced => grad(f)(x) as Traced;
  const x = Float64Array.of(-40, -0.2, -0.01, 0.003, 0.05, 40);
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-60 * v));
  const all = compile((t: Traced) => ({
    value: stage.apply({}, t.ref, { moments: "batch" }),
    first: first(t.ref),
    second: grad((u: Traced) => np.sum(first(u)))(t) as Traced,
  }));
  const got = (await all(tensor(Float32Array.from(x), [6]))) as unknown as Record<string, Tensor>;
  const compare = (name: string, wanted: (v: number) => number) =>
    got[name]!.data.forEach((v, i) => {
      expect(v).toBeCloseTo(wanted(x[i]!), 4);
    });
  compare("value", (v) => (v > 1 ? v : Math.log1p(Math.exp(60 * v)) / 60));
  compare("first", sigmoid);
  compare("second", (v) => 60 * sigmoid(v) * (1 - sigmoid(v)));
});
