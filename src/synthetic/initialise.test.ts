import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { normalise } from "../data/normalise.ts";
import { readerOf } from "../data/reader.ts";
import { randomKey } from "../engine/random.ts";
import { initialisationNamed, initialisationRegistry } from "./initialisations.ts";
import { initialiseImages } from "./initialise.ts";

test.each(initialisationRegistry.names)("%s gives class-major finite images, a function of the key", async (how) => {
  const data = await tinyDataset();
  const images = await initialiseImages(readerOf(data), 2, { name: how }, randomKey(4));
  expect(images).toHaveLength(3 * 2 * 64);
  expect(images.every(Number.isFinite)).toBe(true);
  expect(await initialiseImages(readerOf(data), 2, { name: how }, randomKey(4))).toEqual(images);
  const other = await initialiseImages(readerOf(data), 2, { name: how }, randomKey(5));
  if (initialisationNamed(how).drawn) expect(other).not.toEqual(images);
  else expect(other).toEqual(images);
});

test("random initialisation takes different images of the right class", async () => {
  const data = await tinyDataset({ perClass: 3 });
  const images = await initialiseImages(readerOf(data), 3, { name: "random" }, randomKey(0));
  const all = normalise(data, "train").data;
  const sources = Array.from({ length: 9 }, (_, k) =>
    Array.from(data.train.labels.keys()).find((i) =>
      images.subarray(k * 64, k * 64 + 64).every((v, p) => v === all[i * 64 + p]),
    ),
  );
  expect(new Set(sources).size).toBe(9);
  expect(sources.map((i) => data.train.labels[i!])).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
});

test("k-means centres of one cluster a class are its mean", async () => {
  const data = await tinyDataset();
  const centres = await initialiseImages(readerOf(data), 1, { name: "kmeans-centres" }, randomKey(0));
  const all = normalise(data, "train").data;
  const members = Array.from(data.train.labels.keys()).filter((i) => data.train.labels[i] === 1);
  for (let p = 0; p < 64; p++)
    expect(centres[64 + p]).toBeCloseTo(members.reduce((s, i) => s + all[i * 64 + p]!, 0) / members.length, 4);
});

test("an unknown initialisation is refused", () => {
  expect(() => initialisationNamed("kmean")).toThrow('unknown initialisation "kmean"');
  expect(() => initialisationNamed("real")).toThrow(expect.objectContaining({ hint: 'did you mean "random"?' }));
  expect(() => initialisationNamed("representative")).toThrow(
    expect.objectContaining({ hint: 'did you mean "kmeans"?' }),
  );
});

test.each([
  [7, "random"],
  [7, "kmeans"],
  [7, "kmeans-centres"],
  [7, "herding"],
])("%i images of a class of 3 start from each of them two or three times: %s", async (ipc, how) => {
  const data = await tinyDataset({ perClass: 3 });
  const images = await initialiseImages(readerOf(data), ipc, { name: how }, randomKey(0));
  const all = normalise(data, "train").data;
  const sources = Array.from({ length: 3 * ipc }, (_, k) =>
    Array.from(data.train.labels.keys()).findIndex((i) =>
      images.subarray(k * 64, k * 64 + 64).every((v, p) => v === all[i * 64 + p]),
    ),
  );
  expect(sources.map((i) => data.train.labels[i])).toEqual([0, 1, 2].flatMap((c) => Array(ipc).fill(c)));
  const times = Array.from(data.train.labels, (_, i) => sources.filter((source) => source === i).length);
  expect(times.sort()).toEqual([2, 2, 2, 2, 2, 2, 3, 3, 3]);
});
