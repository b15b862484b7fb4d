import { readFileSync } from "node:fs";
import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import { expect, test } from "vitest";
import { buildNetwork, mlp } from "../../src/hypotheses/index.ts";
import { contrast, relativeDifference } from "./contrast.ts";

const network = buildNetwork(mlp({ depth: 1, width: 4 }), [1, 2, 2], 2);
const view = contrast.make({});
const { between } = relativeDifference.traced.make({});

const imagesOf = (pixels: readonly number[]) => np.array([...pixels], { shape: [pixels.length / 4, 1, 2, 2] });
const meanOf = (images: Traced) => np.mean(view(network, {}, images).contrast!, 0);
const distance = (s: readonly number[], t: readonly number[]): number =>
  between({ contrast: meanOf(imagesOf(s)) }, { contrast: meanOf(imagesOf(t)) }).item();

const [s, t] = [
  [0.1, 0.9, 0.4, 0.2],
  [1, 0, 0, 0, 0, 2, 0, 0],
];

test("the page's view and distance give what their formulas say", () => {
  const [a, b] = [
    [-0.3, 0.5, 0, -0.2],
    [0.125, 0.625, -0.375, -0.375],
  ];
  const square = (v: readonly number[]) => v.reduce((sum, x) => sum + x * x, 0);
  expect(distance(s, t)).toBeCloseTo(square(a.map((x, i) => x - b[i]!)) / (1 + square(b)), 5);
});

test("the distance is differentiable in the synthetic side that is closed over nothing", () => {
  const real = meanOf(imagesOf(t));
  const gradient = grad((x: Traced) => between({ contrast: meanOf(x) }, { contrast: real.ref }))(imagesOf(s));
  const slopes = s.map((_, i) => {
    const moved = (by: number) =>
      distance(
        s.map((x, j) => (i === j ? x + by : x)),
        t,
      );
    return (moved(1e-2) - moved(-1e-2)) / 2e-2;
  });
  const values = gradient.js() as number[][][][];
  for (const [i, slope] of slopes.entries()) expect(values.flat(3)[i]).toBeCloseTo(slope, 3);
  real.dispose();
});

test("an array that was used up is refused, one with a reference is not", () => {
  const x = np.array([1, 2]);
  expect(x.ref.add(x).js() as number[]).toEqual([2, 4]);
  expect(() => x.add(1)).toThrow();
});

test("an argument of an inner gradient is cut off from an outer one, a closed-over array is not", () => {
  // d/dx of d/dw (w² x) = 2 w: 6 at w = 3.
  const w = () => np.array(3);
  const loss = (at: Traced, x: Traced) => at.ref.mul(at).mul(x);
  const cutOff = grad((x: Traced) => grad(loss)(w(), x))(np.array(5));
  const closedOver = grad((x: Traced) => grad((at: Traced) => loss(at, x))(w()))(np.array(5));
  expect([cutOff.item(), closedOver.item()]).toEqual([0, 6]);
});

test("docs/ownership.md shows this very file", () => {
  const page = readFileSync(new URL("../../docs/ownership.md", import.meta.url), "utf8");
  const code = readFileSync(new URL("./contrast.ts", import.meta.url), "utf8");
  const shown = code.slice(code.indexOf("/**")).trim();
  expect(page).toContain(`\`\`\`ts\n${shown}\n\`\`\``);
});
