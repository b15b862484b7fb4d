import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import type { Normalisation } from "./dataset.ts";
import { fingerprint } from "./fingerprint.ts";
import { makeDataset, type NormalisationKind } from "./makeDataset.ts";
import { normalisationText } from "./normalisationText.ts";

const tiny = await tinyDataset();
const under = async (kind: NormalisationKind): Promise<Normalisation> =>
  (await makeDataset({ ...tiny, scale: 255 }, kind)).normalisation;

test("a normalisation is told by its kind and its values", async () => {
  expect(normalisationText({ scale: 255, mean: [0.5, 0.25], std: [1, 2] })).toBe(
    "channel: scale 255, mean 0.5 0.25, std 1 2",
  );
  expect(normalisationText(await under("none"))).toBe("none: scale 255");
  expect(normalisationText(await under("zca"))).toMatch(
    /^zca: scale 255, mean [\d.]+, std [\d.]+, whitening [0-9a-f]{16} [0-9a-f]{16}$/,
  );
});

test("made again it is the same, and another number anywhere is another normalisation", async () => {
  const zca = await under("zca");
  expect(normalisationText(await under("zca"))).toBe(normalisationText(zca));
  const shifted = (values: Float32Array, at: number) => values.map((v, i) => (i === at ? v + 1e-3 : v));
  const white = zca.zca!;
  const all: Normalisation[] = [
    zca,
    await under("channel"),
    await under("none"),
    { ...zca, scale: 16 },
    { ...zca, range: { low: [-1], high: [1] } },
    { ...zca, range: { low: [-1], high: [2] } },
    { ...zca, mean: [zca.mean[0]! + 1e-9] },
    { ...zca, std: [zca.std[0]! + 1e-9] },
    { ...zca, zca: { ...white, mean: shifted(white.mean, 0) } },
    { ...zca, zca: { ...white, whiten: shifted(white.whiten, white.whiten.length - 1) } },
  ];
  expect(new Set(all.map(normalisationText)).size).toBe(all.length);
});

test("many channels are told by a fingerprint of all their values", () => {
  const mean = Array.from({ length: 300 }, (_, c) => c / 7);
  const text = normalisationText({ scale: 1, mean, std: mean.map(() => 2) });
  expect(text).toMatch(/^channel: scale 1, mean [0-9a-f]{16}, std [0-9a-f]{16}$/);
  expect(normalisationText({ scale: 1, mean: mean.with(299, 0), std: mean.map(() => 2) })).not.toBe(text);
});

test("fingerprints tell bytes, their order and their number apart", () => {
  const of = (...bytes: number[]) => fingerprint(Uint8Array.from(bytes));
  const all = [of(), of(0), of(0, 0), of(1), of(0, 1), of(1, 0), of(255), of(1, 255), of(255, 1)];
  expect(new Set(all).size).toBe(all.length);
  expect(of(1, 2, 3)).toBe(of(1, 2, 3));
  const halves = Array.from({ length: 256 }, (_, i) => of(i, 7).slice(0, 8));
  expect(new Set(halves).size).toBe(256);
});
