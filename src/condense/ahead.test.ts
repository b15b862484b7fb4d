import { expect, test } from "vitest";
import { Ahead } from "./ahead.ts";

const counted = () => {
  const steps: number[] = [];
  const ahead = new Ahead(async (step, pause) => {
    steps.push(step);
    await pause();
    if (step < 0) throw new RangeError(`step ${step}`);
    return step * 10;
  });
  return { ahead, steps };
};

test("what was prepared is not made again", async () => {
  const { ahead, steps } = counted();
  ahead.prepare(3);
  expect(steps).toEqual([]);
  expect(await ahead.of(3)).toBe(30);
  expect(await ahead.of(3)).toBe(30);
  expect(steps).toEqual([3, 3]);
});

test("another step than the prepared one is made when it is asked for", async () => {
  const { ahead } = counted();
  ahead.prepare(3);
  expect(await ahead.of(7)).toBe(70);
});

test("a failure is heard by whoever asks", async () => {
  const { ahead } = counted();
  ahead.prepare(-1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(ahead.of(-1)).rejects.toThrow("step -1");
});
