import { describe, expect, test } from "vitest";
import { randomKey, threefry2x32 } from "./random.ts";

describe("Threefry-2x32-20", () => {
  // Known answers of the generator's authors (Random123, kat_vectors).
  test.each([
    [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])("key %i %i, counter %i %i", (k0, k1, x0, x1, a, b) => {
    expect(threefry2x32(k0, k1, x0, x1)).toEqual([a, b]);
  });
});

describe("keys", () => {
  test("bits are blocks of the counters 0, 1, … under the key, whatever the count", () => {
    const key = randomKey(7).fold("bits");
    const many = key.bits(1001);
    expect(many.length).toBe(1001);
    expect(Array.from(key.bits(3))).toEqual(Array.from(many.subarray(0, 3)));
    expect(Array.from(many.subarray(4, 6))).toEqual(threefry2x32(key.k0, key.k1, 2, 2));
  });

  test("branches differ by name, number and depth", () => {
    const root = randomKey(0);
    const keys = [root, root.fold(0), root.fold(1), root.fold("0"), root.fold("real"), root.fold(0).fold(0)];
    expect(new Set(keys.map((k) => `${k.k0}/${k.k1}`)).size).toBe(keys.length);
  });

  test("uniform numbers are within their bounds with the right mean and variance", () => {
    const x = randomKey(3).uniform(100_000, -1, 3);
    const mean = x.reduce((s, v) => s + v, 0) / x.length;
    const variance = x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length;
    expect(Math.min(...x.subarray(0, 1000))).toBeGreaterThanOrEqual(-1);
    expect(x.every((v) => v >= -1 && v < 3)).toBe(true);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(16 / 12 / x.length));
    expect(Math.abs(variance - 16 / 12)).toBeLessThan(0.02);
  });
});
