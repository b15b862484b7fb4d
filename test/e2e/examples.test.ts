import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("examples/condense.mjs runs as it is printed in the documentation", () => {
  const { status, stdout, stderr } = spawnSync("node", ["examples/condense.mjs"], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toMatch(/step 60: loss [\d.]+\ncondensed: [\d.]+ % ± [\d.]+\nrandom: [\d.]+ %/);
});
