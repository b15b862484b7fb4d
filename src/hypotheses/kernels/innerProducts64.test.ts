import { expect, test } from "vitest";
import { randomKey } from "../../engine/random.ts";
import { innerProducts64, squaredNorm64 } from "./innerProducts64.ts";
import type { Rows } from "./kernel.ts";

const rows = (count: number, length: number, seed: number): Rows => ({
  data: Float32Array.from(randomKey(seed).normal(count * length)),
  count,
  length,
});

test("every product is the sum in order, at sizes that are no multiple of a tile too", () => {
  const length = 9;
  const product = (x: Rows, i: number, y: Rows, j: number) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += x.data[i * length + k]! * y.data[j * length + k]!;
    return sum;
  };
  for (const [n, m] of [
    [1, 1],
    [2, 4],
    [3, 7],
    [8, 5],
  ] as const) {
    const [x, y] = [rows(n, length, n), rows(m, length, 100 + m)];
    for (const [a, b] of [
      [x, y],
      [x, x],
      [y, x],
    ] as const) {
      const wanted = Array.from({ length: a.count * b.count }, (_, e) =>
        product(a, Math.floor(e / b.count), b, e % b.count),
      );
      expect([...innerProducts64(a, b)]).toEqual(wanted);
    }
    expect(squaredNorm64(x.data, (n - 1) * length, length)).toBe(product(x, n - 1, x, n - 1));
  }
});
