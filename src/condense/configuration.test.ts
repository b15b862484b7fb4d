import { expect, test } from "vitest";
import { namedDataset } from "../../test/fixtures/namedDataset.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { methodNamed } from "../methods/index.ts";
import { resolveConfiguration } from "./configuration.ts";

const scoredUnder = (method: string, dataset: "mnist" | "fashion-mnist", augmentation?: string) =>
  resolveConfiguration(namedDataset(dataset), methodNamed(method), { ipc: 1, augmentation }).augmentation;

test("an unknown augmentation to score under is refused before anything is computed", async () => {
  const settings = { "evaluation.augmentation": "crop_blur" };
  const dataset = await tinyDataset();
  expect(() => resolveConfiguration(dataset, methodNamed("dc"), { ipc: 1, settings })).toThrow('"blur"');
});

test("a set is scored under what it was condensed with, or under what its authors score it with", () => {
  expect(scoredUnder("dm", "mnist")).toBe("color_crop_cutout_scale_rotate");
  expect(scoredUnder("dm", "mnist", "none")).toBe("");
  for (const method of ["dc", "dcc", "cafe"]) {
    expect(scoredUnder(method, "mnist")).toBe("per-image:crop_scale_rotate");
    expect(scoredUnder(method, "fashion-mnist")).toBe("");
    expect(scoredUnder(method, "mnist", "crop")).toBe("crop");
  }
  expect(scoredUnder("dcc", "mnist", "siamese")).toBe("color_crop_cutout_scale_rotate");
  expect(scoredUnder("bptt", "mnist")).toBe("");
  expect(scoredUnder("dm", "mnist", "per-image:crop")).toBe("per-image:crop");
});
