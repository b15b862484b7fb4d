import fc from "fast-check";
import { expect, test } from "vitest";
import { exchanges } from "./transposition.ts";

/** The place that element k of the transposed array comes from. */
function places(shape: readonly number[], perm: readonly number[]): Int32Array {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const out = perm.map((axis) => shape[axis]!);
  return new Int32Array(out.reduce((a, b) => a * b, 1)).map((_, k) => {
    let [rest, from] = [k, 0];
    for (let i = out.length - 1; i >= 0; i--) {
      from += (rest % out[i]!) * strides[perm[i]!]!;
      rest = Math.floor(rest / out[i]!);
    }
    return from;
  });
}

test("exchanges of neighbours one after the other are the transposition", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray([8, 2, 16, 3, 4, 1, 5], { minLength: 3, maxLength: 7 }),
      fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
      (extents, keys) => {
        const shape = [...extents, 64];
        const perm = shape.map((_, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
        const steps = exchanges(shape, perm);
        if (!steps) return;
        const wanted = places(shape, perm);
        const size = wanted.length;
        let now = Int32Array.from({ length: size }, (_, k) => k);
        for (const groups of steps) {
          const before = now;
          now = places(groups, [0, 2, 1, 3]).map((from) => before[from]!);
        }
        // Looked through by hand: a million elements take toEqual a second.
        expect(now.findIndex((from, k) => from !== wanted[k])).toBe(-1);
      },
    ),
    { numRuns: 40 },
  );
});

test("weights go into blocks by two, images' axes that stay neighbours are one", () => {
  expect(exchanges([8, 16, 8, 16, 3, 3], [0, 2, 4, 5, 3, 1])).toHaveLength(2);
  expect(exchanges([128, 128, 3, 3], [1, 0, 2, 3])).toHaveLength(2);
  expect(exchanges([10, 128, 14, 14], [1, 0, 2, 3])).toBeUndefined();
  expect(exchanges([10, 128, 14, 14], [0, 2, 3, 1])).toBeUndefined();
  expect(exchanges([2, 3, 4, 5], [3, 1, 0, 2])).toBeUndefined();
});
