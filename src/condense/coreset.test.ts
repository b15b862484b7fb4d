import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type Dataset, load, normalise } from "../data/index.ts";
import { size } from "../engine/index.ts";
import { coresetAsSet } from "../evaluate/coreset.ts";
import { methodNamed } from "../methods/index.ts";
import { condense, resolveConfiguration } from "./index.ts";

/** Largest over the points of a class of the distance to the nearest of the chosen, class by class. */
function radii(dataset: Dataset, images: Float32Array, ipc: number): number[] {
  const d = size(dataset.shape);
  return dataset.classes.map((_, c) => {
    const members = [...dataset.train.labels.keys()].filter((i) => dataset.train.labels[i] === c);
    const points = normalise(dataset, "train", members).data;
    let most = 0;
    for (let i = 0; i < members.length; i++) {
      let least = Number.POSITIVE_INFINITY;
      for (let j = c * ipc; j < (c + 1) * ipc; j++) {
        let squares = 0;
        for (let k = 0; k < d; k++) squares += (points[i * d + k]! - images[j * d + k]!) ** 2;
        least = Math.min(least, Math.sqrt(squares));
      }
      most = Math.max(most, least);
    }
    return most;
  });
}

const chosen = async (dataset: Dataset, ipc: number, settings = {}) => {
  for await (const event of condense(dataset, methodNamed("mfc"), { ipc, settings }))
    if (event.event === "done") return event.set.images;
  throw new Error("no set");
};

test("one image a class of mfc has the least Hausdorff distance there is", async () => {
  const digits = await load("digits");
  const d = size(digits.shape);
  const found = radii(digits, await chosen(digits, 1), 1);
  for (const [c, radius] of found.entries()) {
    const members = [...digits.train.labels.keys()].filter((i) => digits.train.labels[i] === c);
    const points = normalise(digits, "train", members).data;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < members.length; j++) {
      let most = 0;
      for (let i = 0; i < members.length && most < least; i++) {
        let squares = 0;
        for (let k = 0; k < d; k++) squares += (points[i * d + k]! - points[j * d + k]!) ** 2;
        most = Math.max(most, Math.sqrt(squares));
      }
      least = Math.min(least, most);
    }
    expect(radius).toBeCloseTo(least, 5);
  }
});

test("mfc covers every class no worse than any other rule, and with slack by no more than it", async () => {
  const digits = await load("digits");
  const ipc = 2;
  const least = radii(digits, await chosen(digits, ipc), ipc);
  for (const rule of ["herding", "kcenter", "kmeans", "random"]) {
    const others = radii(digits, (await coresetAsSet(digits, rule, ipc, 0)).images, ipc);
    for (const [c, radius] of others.entries()) expect(least[c]!).toBeLessThanOrEqual(radius + 1e-5);
  }
  const wider = radii(digits, await chosen(digits, ipc, { "initialisation.slack": 0.1 }), ipc);
  for (const [c, radius] of wider.entries()) expect(radius).toBeLessThanOrEqual(1.1 * least[c]! + 1e-5);
  expect(wider.some((radius, c) => radius > least[c]! + 1e-3)).toBe(true);
  expect((await coresetAsSet(digits, "mfc", ipc, 0)).images).toEqual(await chosen(digits, ipc));
});

test("slack is a setting of mfc, 0 by default, and of no other rule", async () => {
  const dataset = await tinyDataset();
  const resolved = (method: string, settings = {}) =>
    resolveConfiguration(dataset, methodNamed(method), { ipc: 1, settings }).selection;
  expect(resolved("mfc")).toEqual({ name: "mfc", options: { slack: 0 } });
  expect(resolved("mfc", { "initialisation.slack": "0.1" })?.options).toEqual({ slack: 0.1 });
  expect(() => resolved("mfc", { "initialisation.slack": -1 })).toThrow("slack");
  expect(() => resolved("mfc", { "initialisation.slak": 0 })).toThrow("slak");
  expect(() => resolved("herding", { "initialisation.slack": 0.1 })).toThrow("slack");
  expect(() => resolved("dm", { "initialisation.slack": 0.1 })).toThrow("initialisation.slack");
});
