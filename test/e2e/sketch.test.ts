import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { words } from "../fixtures/typed.ts";
import { expectRefusal, small, workplace } from "./attar.ts";

const { path, attar } = workplace();

test("a sketch is condensed, its claim recomputed, and the command that it says to type next scores the set", async () => {
  const few = ["--set", "privacy.releases=3", ...small];
  expect((await attar("sketch", "digits", "--epsilon", "1", ...few, "--out", "digits.sketch")).code).toBe(0);
  const made = await attar("condense", "--from", "digits.sketch", "--ipc", "1", "--steps", "3", "--out", "run");
  expect(made.code).toBe(0);
  const [, next] = /next +(attar evaluate.*)$/m.exec(made.stdout)!;
  expect(next).toContain("--on digits");
  const scored = await attar(...words(next!).slice(1), "--epochs", "1", "--repeats", "1", "--baselines", "none");
  expect({ code: scored.code, stderr: scored.stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(path("run", "privacy.json"), "utf8"))).toBeTruthy();
  expect((await attar("privacy", "run")).stdout).toMatch(/^ε 0\.99/);
  expectRefusal(2, await attar("condense", "digits", "--from", "digits.sketch"));
});
