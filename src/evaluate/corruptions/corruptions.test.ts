import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { corrupted, corruptions, type Draws, type Picture } from "./index.ts";

/** The same pictures, draws and formulas in NumPy. */
const golden = JSON.parse(
  readFileSync(new URL("../../../golden/benchmark/corruptions.json", import.meta.url), "utf8"),
) as { name: string; shape: [number, number, number]; strength: number; out: number[] }[];

/** Numbers of a formula in place of random ones; normal ones are taken from the golden script's own quantiles. */
function formulaDraws(normal: (u: number) => number): Draws {
  let t = 0;
  const uniform = (count: number) => {
    t++;
    return Float64Array.from({ length: count }, (_, i) => {
      const u = Math.sin(12.9898 * i + 78.233 * t) * 43758.5453;
      return u - Math.floor(u);
    });
  };
  return { uniform, normal: (count) => uniform(count).map(normal) };
}

const pictureOf = ([channels, height, width]: readonly [number, number, number]): Picture => ({
  channels,
  height,
  width,
  pixels: Float64Array.from(
    { length: channels * height * width },
    (_, i) => 0.5 + 0.5 * Math.sin(0.9 * i + 0.013 * i * i),
  ),
});

/** Φ⁻¹ by halving a sum of Φ's series. */
function normalQuantile(u: number): number {
  const below = (z: number) => {
    let [term, sum] = [z, z];
    for (let k = 1; k < 300; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  };
  let [low, high] = [-7, 7];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (below(middle) < u) low = middle;
    else high = middle;
  }
  return low;
}

test("the golden script has every corruption", () => {
  expect([...new Set(golden.map(({ name }) => name))].sort()).toEqual(corruptions.map(({ name }) => name).sort());
});

describe.each(corruptions)("$name", (corruption) => {
  test.each(golden.filter(({ name }) => name === corruption.name))(
    "as NumPy, $strength on $shape",
    ({ shape, strength, out }) => {
      const picture = pictureOf(shape);
      const five = Array<number>(5).fill(strength);
      const { inPixels: _, ...plain } = corruption;
      const found = corrupted({ ...plain, grey: five, colour: five }, picture, 3, formulaDraws(normalQuantile));
      const most = found.reduce((m, v, i) => Math.max(m, Math.abs(v - out[i]!)), 0);
      expect(most).toBeLessThan(1e-8);
    },
  );

  test("severities grow: the distance from the image does on the whole", () => {
    const { pixels, ...sides } = pictureOf([1, 28, 28]);
    // A ring on black, as digits are.
    const ring = pixels.map((_, i) => {
      const r = Math.hypot(Math.floor(i / 28) - 13.5, (i % 28) - 13.5);
      return r > 5 && r < 9 ? 1 : 0;
    });
    const picture = { ...sides, pixels: ring.map((v, i) => (i % 28 > 18 ? 0 : v)) };
    const away = [1, 5].map((severity) => {
      const found = corrupted(corruption, picture, severity, formulaDraws(normalQuantile));
      expect(found.every((v) => v >= 0 && v <= 1)).toBe(true);
      return found.reduce((sum, v, i) => sum + (v - picture.pixels[i]!) ** 2, 0);
    });
    // Rounding leaves black and white as they are.
    if (corruption.name === "quantise") expect(away).toEqual([0, 0]);
    else expect(away[1]).toBeGreaterThan(away[0]!);
  });
});

test("each has five strengths of grey and of colour", () => {
  for (const { grey, colour } of corruptions) expect([grey.length, colour.length]).toEqual([5, 5]);
});
