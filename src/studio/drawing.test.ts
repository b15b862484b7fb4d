import { expect, test } from "vitest";
import { loadDigits } from "../data/browser.ts";
import { asDigits, asMnist } from "./drawing.ts";

/** Ink of a rectangle on a paper of side 100. */
function rectangle(left: number, top: number, width: number, height: number) {
  const data = new Float32Array(100 * 100);
  for (let y = top; y < top + height; y++) data.fill(1, y * 100 + left, y * 100 + left + width);
  return { data, side: 100 };
}

const rows = (data: Uint8Array, side: number) =>
  Array.from({ length: side }, (_, y) => [...data.subarray(y * side, (y + 1) * side)]);

test("wherever and however large, a drawing becomes the same sample", () => {
  expect(asMnist(rectangle(10, 5, 40, 80))).toEqual(asMnist(rectangle(60, 20, 20, 40)));
  expect(asDigits(rectangle(10, 5, 40, 80))).toEqual(asDigits(rectangle(60, 20, 20, 40)));
});

test("MNIST's box is 20 pixels high, its centre of mass in the middle", () => {
  const image = rows(asMnist(rectangle(30, 10, 40, 80)), 28);
  const inked = image.flatMap((row, y) => (row.some((v) => v > 0) ? [y] : []));
  expect([inked[0], inked.at(-1)]).toEqual([4, 23]);
  for (const y of inked)
    expect(image[y]!.flatMap((v, x) => (v === 255 ? [x] : []))).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
});

test("digits counts the pixels that are set of every 4x4", () => {
  const image = rows(asDigits(rectangle(30, 10, 40, 80)), 8);
  for (const row of image) expect(row).toEqual([0, 0, 16, 16, 16, 16, 0, 0]);
});

test("nothing drawn is blank", () => {
  const blank = { data: new Float32Array(100), side: 10 };
  expect(asMnist(blank).every((v) => v === 0)).toBe(true);
  expect(asDigits(blank).every((v) => v === 0)).toBe(true);
});

test("a sample of digits, drawn again, is nearest to samples of its own class", async () => {
  const { train, test: held } = await loadDigits();
  let right = 0;
  for (let i = 0; i < 40; i++) {
    // Each stored level of 0 to 16 as a square of the drawing, ink where it is over a half.
    const side = 64;
    const data = Float32Array.from({ length: side * side }, (_, p) => {
      const [y, x] = [Math.floor(p / side / 8), Math.floor((p % side) / 8)];
      return held.images[i * 64 + y * 8 + x]! / 16;
    });
    const own = asDigits({ data, side });
    let [best, label] = [Number.POSITIVE_INFINITY, -1];
    for (let t = 0; t < train.labels.length; t++) {
      let distance = 0;
      for (let p = 0; p < 64; p++) distance += (own[p]! - train.images[t * 64 + p]!) ** 2;
      if (distance < best) [best, label] = [distance, train.labels[t]!];
    }
    if (label === held.labels[i]) right++;
  }
  expect(right).toBeGreaterThanOrEqual(36);
});
