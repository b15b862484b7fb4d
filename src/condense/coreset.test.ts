import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type ArtefactStore, inMemory } from "../artefacts/index.ts";
import { type Dataset, load, normalise } from "../data/index.ts";
import { randomKey, size } from "../engine/index.ts";
import { coresetAsSet } from "../evaluate/coreset.ts";
import { mlp } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { fitEncoder, parseEncoder } from "../views/pushForward/index.ts";
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
  expect(resolved("mfc")).toEqual({ name: "mfc", options: { slack: 0, encoder: "none" } });
  expect(resolved("mfc", { "initialisation.slack": "0.1" })?.options).toMatchObject({ slack: 0.1 });
  expect(() => resolved("mfc", { "initialisation.slack": -1 })).toThrow("slack");
  expect(() => resolved("mfc", { "initialisation.slak": 0 })).toThrow("slak");
  expect(() => resolved("herding", { "initialisation.slack": 0.1 })).toThrow("slack");
  expect(() => resolved("dm", { "initialisation.slack": 0.1 })).toThrow('"random" has no option "slack"');
});

const small = await tinyDataset({ side: 4, perClass: 30 });

/** The images that a rule chooses, and the artefacts that it opens. */
async function byRule(rule: string, encoder: string, ipc = 3) {
  const opened: string[] = [];
  const artefacts: ArtefactStore = {
    open(spec) {
      opened.push(spec.kind.name);
      return inMemory.open(spec);
    },
  };
  const options = { ipc, artefacts, settings: { "initialisation.encoder": encoder } };
  for await (const event of condense(small, methodNamed(rule), options))
    if (event.event === "done") return { images: event.set.images, opened };
  throw new Error("no set");
}

test.each(["herding", "kmeans", "kcenter", "mfc"])(
  "%s chooses the same images by all principal components, an isometry, as by pixels",
  async (rule) => {
    const pixels = await byRule(rule, "none");
    expect(pixels.opened).toEqual([]);
    expect(await byRule(rule, `pca:${size(small.shape)}`)).toEqual({ ...pixels, opened: ["encoder"] });
    expect((await byRule(rule, "pca:1")).images).not.toEqual(pixels.images);
  },
);

test("herding inside an autoencoder's codes takes the image that comes nearest to the mean code", async () => {
  const text = "autoencoder:3,epochs=2,width=8";
  const spec = parseEncoder(text);
  if (spec.kind !== "autoencoder") throw new Error(spec.kind);
  const images = normalise(small, "train");
  const set = { name: small.name, images, labels: small.train.labels, classes: small.classes };
  const encoder = await fitEncoder(spec, set, mlp(), randomKey(0).fold("encoder"));
  const d = size(small.shape);
  const wanted: number[] = [];
  for (const c of small.classes.keys()) {
    const members = [...small.train.labels.keys()].filter((i) => small.train.labels[i] === c);
    const codes = (await encoder.encode(normalise(small, "train", members))).data;
    const mean = [0, 1, 2].map((k) => members.reduce((sum, _, i) => sum + codes[3 * i + k]! / members.length, 0));
    const gaps = members.map((_, i) => mean.reduce((sum, m, k) => sum + (m - codes[3 * i + k]!) ** 2, 0));
    const row = members[gaps.indexOf(Math.min(...gaps))]!;
    wanted.push(...images.data.subarray(row * d, (row + 1) * d));
  }
  const { images: found, opened } = await byRule("herding", text, 1);
  expect([...found]).toEqual(wanted);
  expect(opened).toEqual(["encoder"]);
});

test("encoder is a setting of rules that look at images, and takes encoders that are fitted to T", () => {
  const resolved = (method: string, encoder: string) =>
    resolveConfiguration(small, methodNamed(method), { ipc: 1, settings: { "initialisation.encoder": encoder } })
      .selection;
  expect(resolved("herding", "autoencoder")).toEqual({ name: "herding", options: { encoder: "autoencoder" } });
  expect(resolved("kmeans", "network:trained,layer=2")?.options).toEqual({ encoder: "network:trained,layer=2" });
  for (const encoder of ["pixels", "pcaa", "pca:0", "codes.safetensors"])
    expect(() => resolved("herding", encoder)).toThrow(`option encoder of initialisation "herding" is none, pca:50`);
  expect(() => resolved("random", "pca")).toThrow('no option "encoder"');
});

test("a covering says how small its radii are, and how much smaller they might be", async () => {
  const notes: string[] = [];
  const digits = await load("digits");
  for await (const _ of condense(digits, methodNamed("mfc"), { ipc: 1, onNote: (note) => notes.push(note) }));
  const least = radii(digits, await chosen(digits, 1), 1);
  const range = [Math.min(...least), Math.max(...least)].map((radius) => radius.toPrecision(4)).join(" to ");
  expect(notes).toEqual([`mfc: radii of ${range} by class; each is the least there is`]);
});
