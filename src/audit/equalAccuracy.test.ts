import { expect, test } from "vitest";
import { equalSubset } from "./equalAccuracy.ts";

/** An accuracy that grows with the images a class, and how often it was asked. */
function growing() {
  const asked: number[] = [];
  const accuracy = (ipc: number) => 1 - 1 / (1 + ipc);
  return {
    asked,
    accuracyOf: async (ipc: number) => {
      asked.push(ipc);
      return accuracy(ipc);
    },
    at: accuracy,
  };
}

test.each([1, 3, 7, 10, 40, 99, 100])(
  "the size with the accuracy of %d is found from any start, none tried twice",
  async (wanted) => {
    for (const first of [1, 10, 100]) {
      const { asked, accuracyOf, at } = growing();
      const found = await equalSubset(at(wanted), first, 100, accuracyOf);
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(Math.max(0, 0.1 * wanted));
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.length).toBeLessThanOrEqual(12);
    }
  },
);

test("it is the largest there is where that is not enough, and one where one is more than enough", async () => {
  expect(await equalSubset(0.9999, 10, 60, growing().accuracyOf)).toBe(60);
  expect(await equalSubset(0.1, 10, 60, growing().accuracyOf)).toBe(1);
});
