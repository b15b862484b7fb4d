import { describe, expect, test } from "vitest";
import { madeResult } from "../../test/fixtures/madeResult.ts";
import { keptAs } from "./currency.ts";
import { cellNamed } from "./families.ts";
import { isUnverified } from "./lead.ts";
import { reasonsOf } from "./reasons.ts";

const reasons = (name: string, changes: Parameters<typeof madeResult>[1] = {}) => {
  const { cell } = cellNamed(name);
  return reasonsOf(keptAs(cell, madeResult(cell, changes)));
};

describe("how a row is scored otherwise than by its authors", () => {
  test("FRePo: width and augmentation, by the record", () => {
    const net = "convnet:width=32,growth=2,normalisation=none,initialisation=lecun-normal";
    expect(reasons("mnist-frepo-ipc10", { net })).toEqual(
      expect.arrayContaining([
        "scored at width 32, theirs 128",
        "scored without augmentation, theirs color_crop_rotate_translate_cutout",
      ]),
    );
    const theirs = { net: "convnet:growth=2", augmentation: "color_crop_rotate_translate_cutout" };
    expect(reasons("mnist-frepo-ipc10", theirs).filter((r) => r.startsWith("scored"))).toEqual([]);
  });

  test("RFAD: width and training; RCIG: activation, augmentation and training", () => {
    expect(reasons("mnist-rfad-ipc10", { net: "convnet:width=32,normalisation=none" })).toEqual(
      expect.arrayContaining([
        "scored at width 32, theirs 1024",
        "scored by another training, theirs gradient descent on scaled labels, stopped by held-out images",
      ]),
    );
    expect(reasons("mnist-rcig-ipc1", { net: "convnet:activation=softplus" })).toEqual(
      expect.arrayContaining(["scored with softplus, theirs relu", expect.stringContaining("theirs crop_rotate")]),
    );
  });

  test("DCC: augmented image by image on MNIST only; BPTT: by its learned steps", () => {
    const augmentation = "per-image:crop_scale_rotate";
    const scored = (name: string, changes = {}) => reasons(name, changes).filter((r) => r.startsWith("scored"));
    expect(scored("mnist-dcc-ipc10")).toEqual([`scored without augmentation, theirs ${augmentation}`]);
    expect(scored("mnist-dcc-ipc10", { augmentation })).toEqual([]);
    expect(scored("fashion-mnist-dcc-ipc10")).toEqual([]);
    expect(scored("mnist-bptt-ipc1")).toEqual(["scored by another training, theirs the learned steps themselves"]);
  });

  test("a learned rate that subsets do not have", () => {
    expect(reasons("mnist-mtt-ipc10", { learningRate: 0.0223 })).toContain(
      "trained on at its learned rate 0.022, subsets at 0.01",
    );
  });
});

test.each([
  ["mnist-bptt-ipc1", "the number of steps"],
  ["mnist-dcc-ipc10", "the images' learning rate"],
  ["mnist-mfc-learned-ipc10", "the temperature"],
  ["fashion-mnist-dsa-ipc10", "the images' learning rate"],
  ["mnist-teddy-ipc1", "the images' learning rate"],
  ["mnist-lcmat-ipc1", "ρ"],
])("%s says that the test split was looked at for %s", (name, setting) => {
  expect(reasons(name)).toContain(`looked at on the test split: ${setting}`);
});

test("others do not", () => {
  expect(reasons("mnist-bptt-ipc10").join()).not.toContain("test split");
  expect(reasons("mnist-dm-ipc10").join()).not.toContain("test split");
});

const reported = (name: string) => cellNamed(name).cell.reported;

test("KIP is held against its authors' kernel regression, not against networks trained on its images", () => {
  expect(reported("mnist-kip-ipc1")?.accuracy).toBe(97.3);
  expect(reported("mnist-kip-ipc10")?.accuracy).toBe(99.1);
  expect(reported("fashion-mnist-kip-ipc10")).toEqual({
    accuracy: 91,
    source: "unverified; regression with the kernel of convolutions and pooling",
  });
});

test("a figure that was not read at its source is unverified", () => {
  expect(reported("mnist-dm-ipc10")?.source).toBe("unverified");
  const unverified = (name: string) => isUnverified(reported(name)!.source);
  expect(["mnist-dm-ipc10", "fashion-mnist-dm-ipc10", "cifar-10-dm-long-ipc10"].map(unverified)).toEqual([
    ...[true, true, true],
  ]);
  expect(["mnist-dc-ipc10", "fashion-mnist-idc-ipc10"].map(unverified)).toEqual([false, false]);
});
