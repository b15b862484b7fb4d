import { expect, test } from "vitest";
import { tiled } from "./formation.ts";

/** Two images of 4x4 for each of the four tiles of two stored ones: image t · 2 + i is 100 (2t + i) + its pixel's number. */
const images = Float32Array.from({ length: 8 * 16 }, (_, k) => 100 * Math.floor(k / 16) + (k % 16));
const formation = { factor: 2, height: 4, width: 4, padding: 0 };

test("tiles of nearest pixels: every second one, tile t of stored image i from image t · ipc + i", () => {
  const made = tiled(images, 1, 2, formation, "nearest");
  expect([...made.subarray(0, 16)]).toEqual([0, 2, 200, 202, 8, 10, 208, 210, 400, 402, 600, 602, 408, 410, 608, 610]);
  expect([...made.subarray(16, 20)]).toEqual([100, 102, 300, 302]);
});

test("bilinear tiles of half the size: means of two by two pixels", () => {
  const made = tiled(images, 1, 2, formation, "bilinear");
  const means = [2.5, 4.5, 202.5, 204.5, 10.5, 12.5, 210.5, 212.5];
  expect([...made.subarray(0, 8)]).toEqual(means);
  expect([...made.subarray(16, 24)]).toEqual(means.map((v) => v + 100));
});

test("bilinear tiles of a size that the factor does not divide: pixel areas as units", () => {
  const lines = Float32Array.from({ length: 4 * 9 }, (_, k) => (k % 3) ** 2);
  const made = tiled(lines, 1, 1, { factor: 2, height: 3, width: 3, padding: 0 }, "bilinear");
  // Places 0.25 and 1.75 between 0, 1 and 4; the right tile is cut to one column.
  for (let y = 0; y < 3; y++) expect([...made.subarray(3 * y, 3 * y + 3)]).toEqual([0.25, 3.25, 0.25]);
});
