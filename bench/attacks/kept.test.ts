import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { EnsembleRow } from "./ensemble.ts";
import type { speed as speedOf } from "./speed.ts";

const { ensemble, speed } = JSON.parse(
  readFileSync(new URL("../../docs/results/attacks.json", import.meta.url), "utf8"),
) as {
  ensemble: { images: number; rows: EnsembleRow[] };
  speed: Awaited<ReturnType<typeof speedOf>>;
};

test("the whole ensemble is within one point of its authors' code at every radius, and says the same of nearly all images", () => {
  expect(ensemble.images).toBe(500);
  expect(ensemble.rows.length).toBeGreaterThan(3);
  for (const { clean, attar, reference, alike, after } of ensemble.rows) {
    expect(Math.abs(attar - reference)).toBeLessThanOrEqual(0.01);
    expect(alike).toBeGreaterThan(0.98);
    expect(attar).toBeLessThan(clean);
    // Each attack is tried on what those before it have left.
    expect(Object.values(after).every((left, i, all) => left <= (all[i - 1] ?? clean))).toBe(true);
  }
});

test("docs/robustness.md has the figures of the data", () => {
  const page = readFileSync(new URL("../../docs/robustness.md", import.meta.url), "utf8");
  const percent = (value: number) => `${(100 * value).toFixed(1).replace(/^100\.0$/, "100")} %`;
  for (const { norm, radius, attar, reference, alike } of ensemble.rows) {
    const cells = [`${norm === "linf" ? "L∞" : "L2"}, ${radius}`, percent(attar), percent(reference), percent(alike)];
    expect(page).toMatch(new RegExp(cells.map((cell) => `\\| ${cell.replace(".", "\\.")} +`).join("")));
  }
});

test("Auto-PGD is as fast as its authors' code at least, in every round, and comes to the same losses", () => {
  const { rounds, images, atOnce, steps, network } = speed;
  expect({ images, steps, network }).toEqual({ images: 500, steps: 50, network: "convnet" });
  expect(rounds).toHaveLength(images / atOnce);
  for (const { attar, reference, gap } of rounds) {
    expect(attar).toBeLessThanOrEqual(reference);
    expect(gap).toBeLessThan(1e-5);
  }
});
