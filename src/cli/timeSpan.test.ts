import { expect, test } from "vitest";
import { timeSpan } from "./timeSpan.ts";

test("spans of time are read in seconds", () => {
  const read = timeSpan("--for");
  expect(["90s", "10m", "2min", "1h30m", "1.5 h", "1d 2s"].map(read)).toEqual([90, 600, 120, 5400, 5400, 86_402]);
});

test("what is no span of time is refused with one that is", () => {
  for (const text of ["", "10", "m", "-5m", "0s", "10 minutes", "1h, 2m", "s10", `${"9".repeat(400)}h`])
    expect(() => timeSpan("--for")(text), text).toThrow(/--for must be a span of time/);
});
