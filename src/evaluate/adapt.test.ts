import { beforeAll, describe, expect, test } from "vitest";
import { type Dataset, load, makeDataset } from "../data/index.ts";
import { normalise } from "../data/normalise.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { adapted } from "./adapt.ts";
import { coresetAsSet, evaluate } from "./index.ts";

/** The pictures of digits on each scale: what a grey level g of 0 to 16 is stored as. */
const scales = {
  "0 to 16": (g: number) => g,
  "0 to 1": (g: number) => g / 16,
  "0 to 255": (g: number) => (g * 255) / 16,
  "0 to 65535": (g: number) => Math.round((g * 65535) / 16),
  "-1 to 1": (g: number) => g / 8 - 1,
  "-128 to 127": (g: number) => Math.round((g * 255) / 16) - 128,
} as const;
type Scale = keyof typeof scales;

const stored = {} as Record<Scale, Dataset>;

async function on(scale: Scale, change: (g: number) => number = scales[scale]): Promise<Dataset> {
  const digits = await load("digits");
  const split = ({ images, labels }: Dataset["train"]) => ({ images: Float32Array.from(images, change), labels });
  const first = scale === "0 to 16" ? 16 : scale === "0 to 255" ? 255 : 1;
  const { shape, classes } = digits;
  return makeDataset({
    name: `digits on ${scale}`,
    shape,
    classes,
    train: split(digits.train),
    test: split(digits.test),
    scale: first,
    source: "made in the test",
  });
}

beforeAll(async () => {
  for (const scale of Object.keys(scales) as Scale[]) stored[scale] = await on(scale);
});

const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => {
  let worst = 0;
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  expect(worst).toBeLessThan(tolerance);
};

const names = Object.keys(scales) as Scale[];
const pairs = names.flatMap((a) => names.filter((b) => b !== a).map((b) => [a, b] as const));

test.each(pairs)("a set from %s gives pictures stored on %s the values of its own", async (a, b) => {
  const set = await coresetAsSet(stored[a], "random", 1, 0);
  const own = normalise({ ...stored[a], normalisation: set.normalisation }, "test").data;
  // Signed bytes round a level of 256: 1/256 of a range, over a deviation of 0.38.
  close(normalise(adapted(stored[b], set), "test").data, own, 0.02);
});

describe("accuracy is the same on every scale", () => {
  test.each(names)("%s", async (scale) => {
    const set = await coresetAsSet(stored["0 to 16"], "random", 2, 0);
    const options = { networks: [parseNetwork("ntk")], repeats: 1, augmentation: "none", baselines: ["herding"] };
    const at = async (dataset: Dataset) => {
      const { results, baselines } = await evaluate(set, dataset, options);
      return [results[0]!.accuracy!.mean, baselines.herding!.results[0]!.accuracy!.mean];
    };
    const [own, other] = [await at(stored["0 to 16"]), await at(stored[scale])];
    expect(own[0]).toBeGreaterThan(0.5);
    close(other, own, 0.01);
  });
});

describe("a scale that cannot be known is refused", () => {
  test.each([
    ["standardised floats", (g: number) => (g / 16 - 0.305) / 0.376],
    ["a contrast of a third", (g: number) => g / 48],
    ["0 to 100", (g: number) => (g * 100) / 16 + 0.5],
    ["negatives", (g: number) => 1 - g / 16 + 1.5],
  ])("%s", async (_what, change) => {
    const set = await coresetAsSet(stored["0 to 16"], "random", 1, 0);
    const other = await on("0 to 1", change);
    await expect(evaluate(set, other, { baselines: [] })).rejects.toMatchObject({
      code: "unknown-scale",
      exitCode: 2,
    });
  });

  test("pictures of a third of the contrast, where they are said to be meant", async () => {
    const set = await coresetAsSet(stored["0 to 16"], "random", 1, 0);
    const pale = await on("0 to 1", (g) => g / 48);
    const [values, own] = [adapted(pale, set, { anyContrast: true }), adapted(stored["0 to 1"], set)].map(
      (dataset) => normalise(dataset, "test").data,
    );
    const [mean, deviation] = [set.normalisation.mean[0]!, set.normalisation.std[0]!];
    close(
      values!,
      own!.map((v) => (v * deviation + mean) / 3 / deviation - mean / deviation),
      1e-4,
    );
    const options = { baselines: [], networks: [parseNetwork("ntk")], repeats: 1, augmentation: "none" };
    const { results } = await evaluate(set, pale, { ...options, anyContrast: true });
    expect(results[0]!.accuracy!.mean).toBeGreaterThan(0);
  });

  test("of numbers of no known range on both sides the same numbers are meant", async () => {
    const change = (g: number) => (g / 16 - 0.305) / 0.376;
    const [dataset, again] = [await on("0 to 1", change), await on("0 to 1", (g) => change(g) + 0.01)];
    const set = await coresetAsSet(dataset, "random", 1, 0);
    const own = normalise(dataset, "test").data;
    close(
      normalise(adapted(again, set), "test").data,
      own.map((v) => v + 0.01),
      1e-4,
    );
  });
});
