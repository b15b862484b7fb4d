import { describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type RealReader, readerOf, type Samples, type Statistic } from "../data/reader.ts";
import { Tensor } from "../engine/tensor.ts";
import { NoiseKey, privately } from "./index.ts";
import type { Mechanism } from "./mechanism.ts";
import type { tossed } from "./noise/coins.ts";

const facts = readerOf(await tinyDataset()).facts;
const key = new NoiseKey(Uint8Array.from({ length: 32 }, (_, i) => 3 * i));
const plain: Mechanism = {
  sigma: 0.05,
  clip: 2,
  rate: 1,
  releases: 1000,
  delta: 1e-5,
  relation: "add-remove",
  noise: "grid",
  counts: 0,
};

/** A reader of vectors as samples [n, d], all of one class; it notes what it is asked for. */
function readerOfVectors(vectors: readonly (readonly number[])[]) {
  const purposes: string[] = [];
  const never = () => Promise.reject(new Error("read past the mechanism"));
  const reader: RealReader = {
    facts,
    sizes: [vectors.length, 0],
    prepare: async () => {},
    sum: never,
    rows: never,
    fit: never,
    async batch(purpose, choice) {
      purposes.push(purpose);
      const rows = Array.from((choice as { rows: ArrayLike<number> }).rows);
      const d = vectors[0]!.length;
      const data = Float32Array.from(rows.flatMap((i) => vectors[i]!));
      return { images: new Tensor(data, [rows.length, d], "float32"), labels: new Int32Array(rows.length) };
    },
  };
  return { reader, purposes };
}

/** The mean of vectors over the set. */
const meanOf = (d: number): Statistic<Float32Array> => ({
  name: "vectors",
  sensitivity: Number.POSITIVE_INFINITY,
  of: () => Promise.reject(new Error("read past the mechanism")),
  summands: {
    parts: async () => [{ length: d, over: "set" }],
    async *rows({ images }: Samples) {
      yield images.data as Float32Array;
    },
    from: (means) => means.data.subarray(0, d) as Float32Array,
  },
});

const d = 60;
const others = Array.from({ length: 20 }, (_, i) => Array.from({ length: d }, (_, k) => Math.sin(i * d + k) / 20));
/** A sample that stands out: ten times longer than any may be. */
const canary = Array.from({ length: d }, (_, k) => (k === 0 ? 20 : 0));

/**
 * The sensitivity and the noise of a mechanism as releases show them: what the canary adds, in units of the clip that is
 * claimed, and the deviation of a number from release to release.
 */
async function audited(made: Mechanism, claimed: Mechanism) {
  const count = 150;
  const releases = async (vectors: readonly (readonly number[])[], bytes: number) => {
    const own = new NoiseKey(new Uint8Array(32).fill(bytes));
    const reader = await privately(readerOfVectors(vectors).reader, made, own);
    const out: Float32Array[] = [];
    for (let draw = 0; draw < count; draw++)
      out.push((await reader.sum(meanOf(d), { classes: [0, 1], draw })).map((v) => v * vectors.length));
    return out;
  };
  const [with_, without] = [await releases([...others, canary], 1), await releases(others, 2)];
  const mean = (all: Float32Array[], k: number) => all.reduce((sum, own) => sum + own[k]!, 0) / count;
  let squares = 0;
  for (let k = 0; k < d; k++) {
    const middle = mean(without, k);
    for (const own of without) squares += (own[k]! - middle) ** 2;
  }
  return {
    sensitivity: (mean(with_, 0) - mean(without, 0)) / claimed.clip,
    noise: Math.sqrt(squares / (d * (count - 1))) / (claimed.sigma * claimed.clip),
  };
}

describe("what a mechanism claims is what its releases show", () => {
  test.each(["grid", "float"] as const)("sensitivity and %s noise within 2 %%", async (noise) => {
    const found = await audited({ ...plain, noise }, plain);
    expect(Math.abs(found.sensitivity - 1)).toBeLessThan(0.02);
    expect(Math.abs(found.noise - 1)).toBeLessThan(0.02);
  });

  test("half the noise is found out", async () => {
    const found = await audited({ ...plain, sigma: plain.sigma / 2 }, plain);
    expect(found.noise).toBeCloseTo(0.5, 1);
  });

  test("a clip left out is found out", async () => {
    const found = await audited({ ...plain, clip: 1e6, sigma: (plain.sigma * plain.clip) / 1e6 }, plain);
    expect(found.sensitivity).toBeCloseTo(10, 0);
  });

  test("who guesses by one number whether a sample is in is right as often as Φ(1/2σ) says", async () => {
    const classes = 400;
    const reader: RealReader = {
      ...readerOfVectors([[0]]).reader,
      sizes: Array.from({ length: classes }, () => 1),
      batch: async () => ({
        images: new Tensor(
          Float32Array.from({ length: classes }, (_, c) => (c % 2) * 5),
          [classes, 1],
          "float32",
        ),
        labels: Int32Array.from({ length: classes }, (_, c) => c),
      }),
    };
    const byClass: Statistic<Tensor> = {
      name: "numbers",
      sensitivity: Number.POSITIVE_INFINITY,
      of: () => Promise.reject(new Error("read past the mechanism")),
      summands: {
        parts: async () => [{ length: 1, over: "class" }],
        async *rows({ images }) {
          yield images.data as Float32Array;
        },
        from: (means) => means,
      },
    };
    const own = await privately(reader, { ...plain, sigma: 1 }, key);
    let right = 0;
    for (let draw = 0; draw < 60; draw++) {
      const means = await own.sum(byClass, { classes: Array.from({ length: classes }, (_, c) => c), draw });
      for (const [c, v] of means.data.entries()) if (v > plain.clip / 2 === (c % 2 === 1)) right++;
    }
    expect(Math.abs(right / (60 * classes) - 0.6914625)).toBeLessThan(0.012);
  });
});

describe("samples of a release", () => {
  const ones = Array.from({ length: 400 }, () => [1]);

  /** Sizes of releases: numbers of samples that entered each, read off sums without noise to speak of. */
  async function sizes(rate: number, toss?: typeof tossed) {
    const reader = await privately(readerOfVectors(ones).reader, { ...plain, sigma: 1e-6, rate }, key, { toss });
    const out: number[] = [];
    for (let draw = 0; draw < 300; draw++)
      out.push(Math.round((await reader.sum(meanOf(1), { classes: [0, 1], draw }))[0]! * 400 * rate));
    return out;
  }
  const spread = (all: readonly number[], rate: number) => {
    const mean = all.reduce((a, b) => a + b) / all.length;
    const variance = all.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (all.length - 1);
    return { mean: mean / (400 * rate), variance: variance / (400 * rate * (1 - rate)) };
  };

  test("are as many as coins let in, other numbers each time", async () => {
    const { mean, variance } = spread(await sizes(0.2), 0.2);
    expect(Math.abs(mean - 1)).toBeLessThan(0.02);
    expect(variance).toBeGreaterThan(0.7);
    expect(variance).toBeLessThan(1.35);
  });

  test("that are drawn without replacement are found out: all releases are of one size", async () => {
    const fixed: typeof tossed = async (bits, count, rate) => {
      await bits.ensure(4);
      const start = bits.word() % count;
      return Uint32Array.from({ length: count * rate }, (_, i) => (start + i) % count).sort();
    };
    expect(spread(await sizes(0.2, fixed), 0.2).variance).toBe(0);
  });

  test("none at all make a release, too", async () => {
    const nobody: typeof tossed = async () => new Uint32Array(0);
    const { reader, purposes } = readerOfVectors(ones);
    const own = await privately(reader, { ...plain, rate: 0.5 }, key, { toss: nobody });
    const mean = await own.sum(meanOf(1), { classes: [0, 1], draw: 0 });
    expect(Math.abs(mean[0]!)).toBeGreaterThan(0);
    expect(purposes).toEqual([]);
  });
});

describe("the door", () => {
  test("lets the same release through again, byte for byte, and reads T once for it", async () => {
    const { reader, purposes } = readerOfVectors(others);
    const own = await privately(reader, plain, key);
    const first = await own.sum(meanOf(d), { classes: [0, 1], draw: 4 });
    expect(await own.sum(meanOf(d), { classes: [0, 1], draw: 4 })).toEqual(first);
    expect(purposes).toEqual(["a noised sum of vectors"]);
    // Another process with the key draws the same.
    const again = await privately(reader, plain, key);
    expect(await again.sum(meanOf(d), { classes: [0, 1], draw: 4 })).toEqual(first);
    expect(await again.sum(meanOf(d), { classes: [0, 1], draw: 5 })).not.toEqual(first);
    const { stateful } = own;
    const booked = await stateful![0]!.after!({ step: 0 }, {});
    expect(Array.from(booked.releases!.data)).toEqual([4]);
  });

  test("refuses everything else, and says why", async () => {
    const own = await privately(readerOfVectors(others).reader, { ...plain, releases: 2 }, key);
    const numbered = { classes: [0, 1], draw: 0 };
    const said = (read: Promise<unknown>) =>
      read.then(
        () => "nothing",
        (error: Error) => error.message,
      );
    const { summands: _, ...compared } = meanOf(d);
    await own.sum(meanOf(d), numbered);
    expect([
      await said(own.sum(compared, numbered)),
      await said(own.sum(meanOf(d), { classes: [0], positions: [[0, 1]] })),
      await said(own.sum(meanOf(d), { classes: [0, 1], draw: 2 })),
      await said(own.sum({ ...meanOf(d), name: "others" }, numbered)),
      await said(own.batch("the initial images", { rows: [0] })),
      await said(own.rows({ name: "pixels", of: async () => 0 }, { rows: [0] })),
      await said(own.fit({ name: "experts", on: async () => 0 })),
    ]).toEqual(
      [
        ["the sum of vectors", "single samples have no summand in it that could be clipped"],
        ["the sum of vectors", "its samples were not let in by coins, which ε is computed for"],
        ["the sum of vectors", "all of its 2 releases are spent, and this is number 3"],
        ["the sum of others", "release 1 was of vectors"],
        ["samples for the initial images", "no noise hides a single sample"],
        ["the pixels of single samples", "no noise hides a single sample"],
        ["all samples, to train experts,", "its training clips and noises nothing"],
      ].map(([what, why]) => `${what} would be read of tiny in a private run: ${why}`),
    );
  });

  test("takes classes as equally large, or says their sizes with noise", async () => {
    const { reader } = readerOfVectors(others);
    expect((await privately(reader, plain, key)).sizes).toEqual([10, 10]);
    const noised = await privately(reader, { ...plain, counts: 3 }, key);
    expect(noised.sizes).toHaveLength(2);
    expect(noised.sizes.every((n) => Number.isInteger(n) && n >= 1)).toBe(true);
    expect((await privately(reader, { ...plain, counts: 3 }, key)).sizes).toEqual(noised.sizes);
  });

  test("divides sums of a class by its public size, sums over the set by all", async () => {
    const both: Statistic<Tensor> = {
      name: "both",
      sensitivity: Number.POSITIVE_INFINITY,
      of: () => Promise.reject(new Error("read past the mechanism")),
      summands: {
        parts: async () => [
          { length: 1, over: "set" },
          { length: 2, over: "class" },
        ],
        async *rows({ images }) {
          yield images.data as Float32Array;
        },
        from: (means) => means,
      },
    };
    const { reader } = readerOfVectors(Array.from({ length: 10 }, () => [0.1, 0.2, 0.3]));
    const own = await privately(reader, { ...plain, sigma: 1e-7 }, key);
    const means = await own.sum(both, { classes: [0, 1], draw: 0 });
    expect(means.shape).toEqual([2, 3]);
    const wanted = [0.1, 0.4, 0.6, 0.1, 0, 0];
    for (const [i, v] of means.data.entries()) expect(v).toBeCloseTo(wanted[i]!, 4);
  });
});
