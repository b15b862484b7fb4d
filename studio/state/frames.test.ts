import { expect, test } from "vitest";
import { Frames } from "./frames.ts";

const images = (bytes: number) => ({
  count: 1,
  channels: 1,
  height: 1,
  width: bytes,
  data: new Uint8Array(bytes),
  labels: [0],
});

test("the frame of a step is the last one at or before it", () => {
  const frames = new Frames();
  for (const step of [0, 5, 9]) frames.add(step, images(1));
  expect([0, 4, 5, 8, 9, 100].map((step) => frames.at(step)?.step)).toEqual([0, 0, 5, 5, 9, 9]);
  frames.add(5, images(1));
  expect(frames.steps, "a resumed run goes on from where it was").toEqual([0, 5]);
  frames.clear();
  expect(frames.at(3)).toBeUndefined();
});

test("of more than 64 MiB every second frame goes, the first and the newest stay", () => {
  const frames = new Frames();
  for (let step = 0; step < 40; step++) frames.add(step, images(4 * 2 ** 20));
  expect(frames.count).toBeLessThanOrEqual(16);
  expect(frames.steps[0]).toBe(0);
  expect(frames.steps.at(-1)).toBe(39);
});
