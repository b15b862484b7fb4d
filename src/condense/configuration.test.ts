import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { methodNamed } from "../methods/index.ts";
import { resolveConfiguration } from "./configuration.ts";

const scoredUnder = async (method: string, dataset: string, augmentation?: string) =>
  resolveConfiguration({ ...(await tinyDataset()), name: dataset, known: dataset }, methodNamed(method), {
    ipc: 1,
    augmentation,
  }).augmentation;

test("an unknown augmentation to score under is refused before anything is computed", async () => {
  const settings = { "evaluation.augmentation": "crop_blur" };
  const dataset = await tinyDataset();
  expect(() => resolveConfiguration(dataset, methodNamed("dc"), { ipc: 1, settings })).toThrow('"blur"');
});

test("a set is scored under what it was condensed with, or under what its authors score it with", async () => {
  expect(await scoredUnder("dm", "mnist")).toBe("color_crop_cutout_scale_rotate");
  expect(await scoredUnder("dm", "mnist", "none")).toBe("");
  for (const method of ["dc", "dcc", "cafe"]) {
    expect(await scoredUnder(method, "mnist")).toBe("per-image:crop_scale_rotate");
    expect(await scoredUnder(method, "fashion-mnist")).toBe("");
    expect(await scoredUnder(method, "mnist", "crop")).toBe("crop");
  }
  expect(await scoredUnder("dcc", "mnist", "siamese")).toBe("color_crop_cutout_scale_rotate");
  expect(await scoredUnder("bptt", "mnist")).toBe("");
  expect(await scoredUnder("dm", "mnist", "per-image:crop")).toBe("per-image:crop");
});
