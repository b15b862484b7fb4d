import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEnergyMeter } from "./energy.node.ts";
import {
  attackEfficiency,
  augmentationRobustScore,
  crossArchitecture,
  hardLabelRecovery,
  improvementOverRandom,
  labelRobustScore,
  meanCorruptionError,
  robustnessEfficiencyIndex,
  robustnessRatio,
  squaredRobustnessRatio,
} from "./index.ts";

describe("DD-Ranking, on fractions", () => {
  test("recovery and improvement are differences", () => {
    expect(hardLabelRecovery(0.9, 0.5)).toBeCloseTo(0.4, 12);
    expect(improvementOverRandom(0.5, 0.45)).toBeCloseTo(0.05, 12);
  });
  test("scores of known differences", () => {
    expect(100 * labelRobustScore({ improvement: 0.05, recovery: 0.4 })).toBeCloseTo(20.0637, 4);
    expect(100 * labelRobustScore({ improvement: 0, recovery: 0 })).toBeCloseTo(26.8941, 4);
    expect([1, -1].map((a) => labelRobustScore({ improvement: a, recovery: -a }))).toEqual([1, 0]);
    const ars = augmentationRobustScore({ condensed: 0.6, random: 0.55 }, { condensed: 0.5, random: 0.4 });
    expect(100 * ars).toBeCloseTo(30.2078, 4);
  });
  test("a score rises with the improvement, falls with the recovery, and lies in 0..1", () => {
    const share = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        share,
        share,
        share,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (improvement, recovery, other, w) => {
          const score = labelRobustScore({ improvement, recovery }, w);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          const less = Math.min(improvement, other);
          expect(labelRobustScore({ improvement: less, recovery }, w)).toBeLessThanOrEqual(score);
          expect(labelRobustScore({ improvement, recovery: Math.max(recovery, other) }, w)).toBeLessThanOrEqual(score);
        },
      ),
    );
  });
  test("percentages are refused", () => {
    expect(() => hardLabelRecovery(90, 50)).toThrow(expect.objectContaining({ code: "not-a-fraction", exitCode: 2 }));
    expect(() => improvementOverRandom(0.5, Number.NaN)).toThrow(expect.objectContaining({ code: "not-a-fraction" }));
  });
});

describe("BEARD", () => {
  // BACON on CIFAR-10 with 50 images a class, as in the log that its repository ships.
  const accuracies = { clean: 0.6995, attacked: [0.3816, 0.2886, 0.508, 0.1828, 0.0831, 0.27] };
  const seconds = [3.68, 12.21, 9.18, 2374.8, 76.49, 968.53];
  test("the figures of its own log", () => {
    const ratio = robustnessRatio(accuracies);
    const efficiency = attackEfficiency(2.31, seconds)!;
    expect(100 * ratio).toBeCloseTo(32.87, 2);
    expect(100 * efficiency).toBeCloseTo(24.1, 2);
    expect(100 * robustnessEfficiencyIndex(ratio, efficiency)).toBeCloseTo(28.48, 2);
    expect(100 * squaredRobustnessRatio(accuracies)).toBeCloseTo(47.87, 2);
  });
  test("where nothing is lost, and where no attack takes longer", () => {
    expect(robustnessRatio({ clean: 0.5, attacked: [0.5, 0.5] })).toBe(0);
    expect(attackEfficiency(2, [1, 2])).toBeUndefined();
    expect(() => robustnessRatio({ clean: 0.5, attacked: [] })).toThrow(RangeError);
  });
});

test("cross-architecture: mean and worst of the others, and the drop", () => {
  const scores = { convnet: 0.9, mlp: 0.7, lenet: 0.8 };
  const { mean, worst, drop } = crossArchitecture(scores, "convnet")!;
  expect([mean, worst, drop].map((v) => Number(v.toFixed(12)))).toEqual([0.75, 0.7, 0.15]);
  expect(crossArchitecture(scores, "vgg")).toBeUndefined();
  expect(crossArchitecture({ convnet: 0.9 }, "convnet")).toBeUndefined();
  expect(crossArchitecture(scores, "constructor")).toBeUndefined();
});

test("mean corruption error, beside a baseline", () => {
  const baseline = { clean: 0.1, corrupted: { noise: [0.2, 0.4], blur: [0.3, 0.5] } };
  const own = { clean: 0.1, corrupted: { noise: [0.1, 0.2], blur: [0.3, 0.5] } };
  const found = meanCorruptionError(own, baseline);
  expect(found.mean).toBeCloseTo((0.5 + 1) / 2, 12);
  expect(found.relative).toBeCloseTo((0.1 / 0.4 + 1) / 2, 12);
  expect(meanCorruptionError(baseline, baseline).mean).toBeCloseTo(1, 12);
  expect(meanCorruptionError(own, { ...baseline, clean: 0.9 }).relative).toBeUndefined();
  expect(() => meanCorruptionError(own, { clean: 0, corrupted: { noise: [1, 1] } })).toThrow(RangeError);
});

describe("energy", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "attar-energy-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const counter = async (zone: string, name: string, microjoules: number) => {
    await mkdir(join(folder, zone), { recursive: true });
    await writeFile(join(folder, zone, "name"), `${name}\n`);
    await writeFile(join(folder, zone, "energy_uj"), `${microjoules}\n`);
    await writeFile(join(folder, zone, "max_energy_range_uj"), "262143328850\n");
  };

  test("packages and memory, not what is within them or holds them; a counter that ran over", async () => {
    await counter("intel-rapl:0", "package-0", 262_143_000_000);
    await counter("intel-rapl:0:0", "core", 5);
    await counter("intel-rapl:0:1", "dram", 1_000_000);
    await counter("intel-rapl:1", "psys", 9);
    const meter = await openEnergyMeter(folder);
    await counter("intel-rapl:0", "package-0", 2_000_000);
    await counter("intel-rapl:0:0", "core", 500_000_000);
    await counter("intel-rapl:0:1", "dram", 1_500_000);
    const found = await meter.stop();
    expect(found).toEqual({
      joules: (2_000_000 + 262_143_328_850 - 262_143_000_000 + 500_000) / 1e6,
      zones: ["package-0", "dram"],
    });
  });

  test("a machine without counters: the reason, and no number", async () => {
    const missing = await openEnergyMeter(join(folder, "none"));
    expect(await missing.stop()).toEqual({ reason: expect.stringContaining("no energy counters") });
    await writeFile(join(folder, "intel-rapl:0", "energy_uj"), "");
    expect(await (await openEnergyMeter(folder)).stop()).toEqual({ reason: expect.stringContaining("cannot be read") });
  });
});
