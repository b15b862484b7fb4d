import { expect, test } from "vitest";
import { stepsWithin } from "./steps.ts";

test.each([
  // 240 s less 100 of scores and 20 of the start are 120 s of steps.
  [240, { perStep: 0.5, start: 20, scoring: 100 }, 240],
  [240, { perStep: 7, start: 20, scoring: 100 }, 17],
  [240, { perStep: 121, start: 20, scoring: 100 }, 0],
  [90, { perStep: 1, start: 20, scoring: 100 }, -30],
])("%i s beside everything else", (seconds, cost, steps) => {
  expect(stepsWithin(seconds, cost)).toBe(steps);
});
