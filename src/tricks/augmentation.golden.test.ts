import { grad, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import golden from "../../golden/tricks/augmentation.json" with { type: "json" };
import { compile, size, type Tensor, tensor } from "../engine/index.ts";
import { augmentationTensors, augmentOnHost, augmentTraced, type Draw, identityDraw } from "./index.ts";

type Shape = [number, number, number, number];

const traced = compile((x: np.Array, d: never) => augmentTraced(x, d));
const gradient = compile((x: np.Array, d: never) =>
  grad((z: np.Array) => {
    const y = augmentTraced(z, d);
    return np.sum(y.ref.mul(y.ref).mul(y)).mul(1 / 3);
  })(x),
);

/** Largest difference, relative to the largest wanted value. */
function gap(got: ArrayLike<number>, wanted: readonly number[]): number {
  expect(got.length).toBe(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  return wanted.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i]!)), 0) / scale;
}

test.each(golden.map((g) => [g.operator, g.shape.join("x"), g] as const))(
  "%s on %s equals PyTorch's, and so does its derivative",
  async (_, __, { shape, draw, result, gradient: wanted }) => {
    const [n, c, h, w] = shape as Shape;
    const images = formulaTensor([size(shape)], 5).data as Float32Array;
    const full = { ...identityDraw, ...draw } as Draw;
    expect(gap(augmentOnHost(images, [c, h, w], [full]), result)).toBeLessThan(1e-6);
    const tables = augmentationTensors([full], h, w) as never;
    const group = tensor(images, [1, n, c, h, w]);
    expect(gap(((await traced(group, tables)) as unknown as Tensor).data, result)).toBeLessThan(1e-6);
    expect(gap(((await gradient(group, tables)) as unknown as Tensor).data, wanted)).toBeLessThan(1e-5);
  },
);
