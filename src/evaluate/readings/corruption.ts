import type { Dataset } from "../../data/dataset.ts";
import { normaliseBatch } from "../../data/normaliseBatch.ts";
import { AttarError, integer, type RandomKey, randomKey, size, text } from "../../engine/index.ts";
import { type Corruption, corrupted, corruptions, type Draws } from "../corruptions/index.ts";
import { isRight, rowsOfOutputs } from "./outputs.ts";
import type { Reading, Samples, TrainedNetwork } from "./reading.ts";

const everyType = "all";
/** Images that pass through a network together. */
const batch = 500;

const namesOf = (types: string): string[] =>
  types === everyType ? corruptions.map(({ name }) => name) : [...new Set(types.split("+"))];
const severitiesOf = (written: string): number[] => [...new Set(written.split("+").map(Number))];

const options = {
  severities: text(
    "3",
    "severities from 1 to 5 joined by +",
    (value) => /^[1-5](\+[1-5])*$/.test(value),
    "strengths that accuracy is averaged over",
  ),
  types: text(
    everyType,
    `all, or corruptions joined by +: ${corruptions.map(({ name }) => name).join(", ")}`,
    (value) => namesOf(value).every((name) => corruptions.some((c) => c.name === name)),
    "the corruptions",
  ),
  images: integer(
    1000,
    1,
    undefined,
    "test images that are spoiled, the same for all networks; all where there are no more",
  ),
};

/**
 * Accuracy on spoiled test images (attar-C, see {@link corruptions}): the mean over corruptions, each of them over severities. Beside
 * it `clean`, the accuracy on the same images unspoiled, `drop`, that less the mean, and the accuracy under each corruption by its name.
 * What an image becomes depends on its number, the corruption and the severity alone, so that all networks are asked the same.
 */
export const corruption = {
  name: "corruption",
  title: "accuracy on test images that are noisy, blurred, foggy, turned and otherwise spoiled",
  options,
  unit: "fraction",
  units: { drop: "difference" },
  better: "higher",
  target: "classes",
  needsLogits: false,
  names({ shape }, { types } = { severities: "3", types: everyType, images: 1 }) {
    if (shape && (shape[1] < 2 || shape[2] < 2))
      throw new AttarError(
        "bad-combination",
        "corruption spoils pictures, and these samples are none",
        "leave it out: --readings worst-class,calibration",
      );
    return ["corruption", "clean", "drop", ...namesOf(types)];
  },
  async of(network, samples, { severities, types, images }) {
    const { dataset } = samples;
    const ids = chosen(dataset.test.labels.length, images);
    const clean = await accuracyOf(network, samples, ids, (pixels) => pixels);
    const each: [string, number][] = [];
    for (const name of namesOf(types)) {
      const kind = corruptions.find((c) => c.name === name)!;
      const shares: number[] = [];
      for (const severity of severitiesOf(severities))
        shares.push(await accuracyOf(network, samples, ids, spoiling(kind, severity, dataset.shape)));
      each.push([name, mean(shares)]);
    }
    const all = mean(each.map(([, share]) => share));
    return { corruption: all, clean, drop: clean - all, ...Object.fromEntries(each) };
  },
} satisfies Reading<typeof options>;

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** The numbers of the images that are spoiled. */
function chosen(all: number, count: number): Uint32Array {
  if (count >= all) return Uint32Array.from({ length: all }, (_, i) => i);
  return randomKey(0).fold("spoiled images").permutation(all, count).sort();
}

/** Pixels from black at 0 to white at 1, of the image of a number, as they are then. */
type Spoil = (pixels: Float64Array, id: number) => Float64Array;

function spoiling(kind: Corruption, severity: number, [channels, height, width]: Dataset["shape"]): Spoil {
  const root = randomKey(0).fold("corruption").fold(kind.name).fold(severity);
  return (pixels, id) => corrupted(kind, { channels, height, width, pixels }, severity, drawsOf(root.fold(id)));
}

function drawsOf(key: RandomKey): Draws {
  let turn = 0;
  return {
    uniform: (count) => Float64Array.from(key.fold(turn++).uniform(count)),
    normal: (count) => Float64Array.from(key.fold(turn++).normal(count)),
  };
}

async function accuracyOf(
  network: TrainedNetwork,
  { dataset, labels, signal }: Samples,
  ids: Uint32Array,
  spoil: Spoil,
): Promise<number> {
  const { test, normalisation, shape } = dataset;
  const { scale, range } = normalisation;
  const d = size(shape);
  const plane = d / shape[0];
  const low = Array.from({ length: shape[0] }, (_, c) => range?.low[c] ?? 0);
  const width = low.map((black, c) => (range?.high[c] ?? 1) - black || 1);
  let right = 0;
  for (let at = 0; at < ids.length; at += batch) {
    signal?.throwIfAborted();
    const some = ids.subarray(at, at + batch);
    const stored = new Float32Array(some.length * d);
    for (const [place, id] of some.entries()) {
      const pixels = Float64Array.from({ length: d }, (_, i) => {
        const c = Math.floor(i / plane);
        return (test.images[id * d + i]! / scale - low[c]!) / width[c]!;
      });
      for (const [i, v] of spoil(pixels, id).entries()) {
        const c = Math.floor(i / plane);
        stored[place * d + i] = (v * width[c]! + low[c]!) * scale;
      }
    }
    const own = Int32Array.from(some, (id) => labels[id]!);
    const seen = await normaliseBatch(dataset, { images: stored, labels: own });
    for (const [row, i] of rowsOfOutputs(await network.predict(seen))) if (isRight(row, own[i]!)) right++;
  }
  return right / ids.length;
}
