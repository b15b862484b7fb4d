import { expect, test } from "vitest";
import { kroneckerSquare, type Matrix, toomCook } from "./toomCook.ts";

const times = (m: Matrix, x: readonly number[]) => m.map((row) => row.reduce((sum, v, i) => sum + v * x[i]!, 0));

test("six products make four values of three taps", () => {
  const { a, b, g } = toomCook([0, 0.75, -0.75, 1.5, -1.5], 4, 3);
  const d = [3, -1, 4, 1, -5, 9];
  const w = [2, -7, 1];
  const weights = times(g, w);
  const y = times(
    a,
    times(b, d).map((v, i) => v * weights[i]!),
  );
  y.forEach((v, i) => {
    expect(v).toBeCloseTo(w[0]! * d[i]! + w[1]! * d[i + 1]! + w[2]! * d[i + 2]!, 12);
  });
});

test("a Kronecker square transforms the rows and columns of a flattened square", () => {
  const m = [
    [1, 2],
    [3, 4],
  ];
  // M [5 6; 7 8] Mᵀ
  expect(times(kroneckerSquare(m), [5, 6, 7, 8])).toEqual([63, 145, 143, 329]);
});
