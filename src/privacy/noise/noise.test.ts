import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import golden from "../../../golden/privacy/discreteGaussian.json" with { type: "json" };
import { decided, exponential } from "./bernoulli.ts";
import { tossed } from "./coins.ts";
import { discreteGaussian } from "./discreteGaussian.ts";
import { GridSum } from "./grid.ts";
import { NoiseKey, RandomBits } from "./keystream.ts";

const key = new NoiseKey(Uint8Array.from({ length: 32 }, (_, i) => i));

/** SHA-256 of 0, 1, 2, … as bits: what the golden numbers were drawn from. */
const hashed = () =>
  new RandomBits(async (from, count) => {
    const first = Math.floor(from / 2);
    const hashes = Array.from({ length: Math.ceil(count / 2) + 1 }, (_, i) => {
      const number = new Uint8Array(8);
      new DataView(number.buffer).setBigUint64(0, BigInt(first + i), true);
      return createHash("sha256").update(number).digest();
    });
    const start = 16 * (from - 2 * first);
    return new Uint8Array(Buffer.concat(hashes).subarray(start, start + 16 * count));
  });

test.each(golden.draws)(
  "numbers of σ $sigma are those that exact arithmetic draws from the same bits",
  async ({ sigma, values }) => {
    expect(Array.from(await discreteGaussian(hashed(), values.length, sigma))).toEqual(values);
  },
);

test("exp(−x) lies between whole numbers of mpmath's digits", () => {
  for (const { over, under, digits } of golden.exponentials) {
    const [low, high] = exponential({ over: BigInt(over), under: BigInt(under) }, 160n);
    expect(low <= BigInt(digits) && BigInt(digits) < high).toBe(true);
    expect(high - low).toBeLessThanOrEqual(2n);
  }
});

test("bits that come as near to exp(−x) as float64 rounds are decided by more of them", () => {
  const half = { over: 6931471805599453n, under: 10n ** 16n };
  const at = 2 ** 52;
  const exactly = () => half;
  // exp(−0.6931471805599453) is a little above a half: by 9.4e-17 of one, less than half a step of 2^−53.
  expect(decided(at - 1, Math.LN2, exactly, () => 0)).toBe(true);
  expect(decided(at, Math.LN2, exactly, () => 0)).toBe(true);
  expect(decided(at, Math.LN2, exactly, () => 2 ** 53 - 1)).toBe(false);
  expect(decided(at + 1, Math.LN2, exactly, () => 0)).toBe(false);
});

test("300,000 numbers of σ 3 have their distribution: χ² over whole numbers, and σ within 0.3 %", async () => {
  const n = 300_000;
  const drawn = await discreteGaussian(key.bits("noise", 1), n, 3);
  const mass = (y: number) => Math.exp((-y * y) / 18);
  const all = Array.from({ length: 81 }, (_, i) => mass(i - 40)).reduce((a, b) => a + b);
  const counts = new Map<number, number>();
  for (const y of drawn) counts.set(y, (counts.get(y) ?? 0) + 1);
  let chi = 0;
  for (let y = -10; y <= 10; y++) {
    const expected = (n * mass(y)) / all;
    chi += ((counts.get(y) ?? 0) - expected) ** 2 / expected;
  }
  // 21 cells: 99.99 % of such sums are below 52.
  expect(chi).toBeLessThan(52);
  expect(chi).toBeGreaterThan(4);
  const variance = drawn.reduce((sum, y) => sum + y * y, 0) / n;
  expect(Math.abs(Math.sqrt(variance) / 3 - 1)).toBeLessThan(0.006);
});

test("a key's bits are AES-256's in counter mode, other ones for every purpose and release, the same again", async () => {
  const words = async (bits: RandomBits) => {
    await bits.ensure(8000, 8000);
    return Array.from({ length: 2000 }, () => bits.word());
  };
  const first = await words(key.bits("coins", 7));
  expect(await words(key.bits("coins", 7))).toEqual(first);
  for (const other of [key.bits("coins", 8), key.bits("noise", 7), new NoiseKey(new Uint8Array(32)).bits("coins", 7)]) {
    const own = new Set(await words(other));
    expect(first.filter((word) => own.has(word)).length).toBeLessThan(2);
  }
  const { createCipheriv } = await import("node:crypto");
  const counter = Buffer.from("00000001000000070000000000000000", "hex");
  const cipher = createCipheriv(
    "aes-256-ctr",
    Uint8Array.from({ length: 32 }, (_, i) => i),
    counter,
  );
  expect(first[0]).toBe(cipher.update(new Uint8Array(16)).readUInt32LE(0));
  expect(() => new NoiseKey(new Uint8Array(16))).toThrow("has 32 bytes");
});

test("coins let each in by itself: numbers of them spread as Poisson sampling's do", async () => {
  const sizes: number[] = [];
  const entered = new Uint32Array(400);
  for (let draw = 0; draw < 500; draw++) {
    const chosen = await tossed(key.bits("coins", draw), 400, 0.25);
    sizes.push(chosen.length);
    for (const i of chosen) entered[i] = entered[i]! + 1;
  }
  const mean = sizes.reduce((a, b) => a + b) / 500;
  const variance = sizes.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 499;
  expect(Math.abs(mean - 100)).toBeLessThan(1.5);
  expect(variance / (400 * 0.25 * 0.75)).toBeGreaterThan(0.75);
  expect(variance / (400 * 0.25 * 0.75)).toBeLessThan(1.25);
  expect(Math.min(...entered)).toBeGreaterThan(80);
  expect(Array.from(await tossed(key.bits("coins", 0), 3, 1))).toEqual([0, 1, 2]);
});

test("sums on the grid: long summands are clipped, short ones kept, and what is not finite adds nothing", async () => {
  const [places, strides] = [Int32Array.of(0, 1), Int32Array.of(2, 2)];
  const sum = new GridSum(4, 0.5, 2);
  sum.add(Float32Array.of(3, 4), places, strides, 0);
  sum.add(Float32Array.of(0.25, 0), places, strides, 1);
  sum.add(Float32Array.of(Number.NaN, 1), places, strides, 1);
  sum.add(Float32Array.of(0, Number.POSITIVE_INFINITY), places, strides, 0);
  expect(Array.from(sum.totals)).toEqual([0.6, 0.8, 0.5, 0].map((v) => Math.round(v * 2 ** 20)));
  expect(sum.sensitivity).toBeGreaterThan(2 ** 20);
  expect(sum.sensitivity).toBeLessThan(2 ** 20 + 1);
  const noised = await sum.noised(key.bits("noise", 0), 0.01);
  expect(Array.from(noised, (v) => Math.round(v * 10))).toEqual([3, 4, 3, 0].map((v) => v));
  // Every value is a step of the grid.
  for (const v of noised) expect(Number.isInteger(v * 2 * 2 ** 20)).toBe(true);
});
