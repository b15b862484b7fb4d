import { expect, test } from "vitest";
import { imageDomain } from "../../data/domain.ts";
import { randomKey } from "../../engine/index.ts";
import { batchDraws, parseAugmentation, trainedUnder } from "./scheme.ts";

const grey = { domain: imageDomain([1, 28, 28]) };
const drawsOf = (text: string, key: number) =>
  batchDraws(parseAugmentation(text, grey)!, [1, 28, 28])(randomKey(key), 64);
const angles = (text: string) =>
  Array.from({ length: 20 }, (_, k) => drawsOf(text, k))
    .flat()
    .map(({ affine: [a, , c] }) => (Math.abs(Math.atan2(c, a)) * 180) / Math.PI);

test("siamese operators are one for a batch, per-image ones differ within it", () => {
  const kinds = (text: string, key: number) =>
    new Set(
      drawsOf(text, key).map(({ shift, affine: [, b] }) => (b !== 0 ? "rotate" : shift.some(Boolean) ? "crop" : "")),
    );
  for (let key = 0; key < 5; key++) {
    expect(kinds("crop_rotate", key).has("crop") && kinds("crop_rotate", key).has("rotate")).toBe(false);
    expect([...kinds("per-image:crop_rotate", key)]).toEqual(expect.arrayContaining(["crop", "rotate"]));
  }
});

test("rotations end at 15 degrees, per-image ones at 45", () => {
  const [narrow, wide] = [angles("rotate"), angles("per-image:rotate")].map((of) => Math.max(...of)) as [
    number,
    number,
  ];
  expect(narrow).toBeLessThanOrEqual(15);
  expect(wide).toBeGreaterThan(40);
  expect(wide).toBeLessThanOrEqual(45);
});

test("per-image alone has the operators that DC's authors score MNIST with", () => {
  expect(parseAugmentation("per-image", grey)!.operators).toEqual(["crop", "scale", "rotate"]);
});

test("a set is trained on under its operators, IDC's under the field's, per-image ones as they are", () => {
  const trained = (text: string) => trainedUnder(parseAugmentation(text, grey)!, grey);
  expect(trained("siamese:crop_rotate")).toBe("crop_rotate");
  expect(trained("composite:color_crop")).toBe("color_crop_cutout_scale_rotate");
  expect(trained("per-image")).toBe("per-image:crop_scale_rotate");
});
