import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { KeptCase } from "./kept.ts";
import { page } from "./page.ts";

const read = (name: string) => readFileSync(new URL(`../../docs/results/${name}`, import.meta.url), "utf8");
const cases = JSON.parse(read("audits.json")) as KeptCase[];

test("docs/results/audits.md is what audits.json says", () => {
  expect(read("audits.md")).toBe(page(cases));
});

test("a random subset is found out by its distance, and no claim of a private method is refuted", () => {
  const subjects = cases.flatMap(({ subjects: own }) => own);
  const random = subjects.filter(({ name }) => name === "random");
  expect(random.length).toBeGreaterThan(0);
  for (const { copies, attacks, shown } of random) {
    expect(copies).toBe(1);
    // Ten images a class of some seventy are at distance 0.
    expect(attacks.distance!.tpr).toBeGreaterThan(0.1);
    expect(shown).toBeGreaterThan(1);
  }
  const claimed = subjects.filter((subject) => subject.claimed);
  expect(claimed.length).toBeGreaterThan(0);
  for (const { shown, claimed: own, refuted } of claimed) {
    expect(refuted).toBe(false);
    expect(shown).toBeLessThanOrEqual(own!.epsilon);
  }
});
