import { describe, expect, test } from "vitest";
import { madeResult } from "../../test/fixtures/madeResult.ts";
import { type Kept, keptAs } from "./currency.ts";
import { cellNamed } from "./families.ts";
import { comparatorOf, lead, stepsOfRow } from "./lead.ts";

/** A row of a cell as if it had been made: `images` trained on for `epochs` of the field's recipe. */
function row(name: string, accuracy: number, changes: Parameters<typeof madeResult>[1] = {}): Kept {
  const { cell } = cellNamed(name);
  return keptAs(cell, madeResult(cell, { accuracy, ...changes }));
}

const random = row("mnist-random-ipc10", 0.9, { epochs: 200 });
const start = row("mnist-dm-start-ipc10", 0.94, { epochs: 200 });
const subsets = [random, start];

describe("a set is held against a subset", () => {
  test("that is trained for as many steps: points, bold where not beyond both deviations", () => {
    expect(lead(row("mnist-dm-ipc10", 0.95, { epochs: 200 }), "random", subsets)).toBe("+5.0");
    expect(lead(row("mnist-dm-ipc10", 0.915, { epochs: 200 }), "random", subsets)).toBe("**+1.5**");
    expect(lead(row("mnist-dm-ipc10", 0.89, { epochs: 200 }), "random", subsets)).toBe("**-1.0**");
    expect(lead(row("mnist-dm-ipc10", 0.97, { epochs: 200 }), "start", subsets)).toBe("+3.0");
  });

  test.each([
    ["longer", { epochs: 1000 }],
    ["on more images at the same epochs", { epochs: 200, images: 400 }],
    ["under other augmentation", { epochs: 200, augmentation: "color" }],
    ["on another network", { epochs: 200, net: "convnet:width=32" }],
    ["by another optimizer", { epochs: 200, optimizer: "adam" as const }],
  ])("not where it trains %s", (_, changes) => {
    expect(lead(row("mnist-dm-ipc10", 0.95, changes), "random", subsets)).toBe("–");
  });

  test("in whole epochs as near as they come: 29 epochs of seven batches are 203 steps", () => {
    const decoded = row("mnist-cep-ipc10", 0.95, { epochs: 29, images: 1600 });
    expect(stepsOfRow(decoded)).toBe(203);
    expect(lead(decoded, "random", subsets)).toBe("+5.0");
  });

  test("of its own data set and size; never against itself", () => {
    expect(comparatorOf(row("fashion-mnist-dm-ipc10", 0.9, { epochs: 200 }), "random", subsets)).toBeUndefined();
    expect(comparatorOf(row("mnist-dm-ipc1", 0.9, { epochs: 200 }), "random", subsets)).toBeUndefined();
    expect([lead(random, "random", subsets), lead(start, "start", subsets)]).toEqual(["–", "–"]);
    expect(lead(start, "random", subsets)).toBe("+4.0");
  });
});
