import { expect, test } from "vitest";
import { parseOptions } from "./arguments.ts";

test("--quick has every case but the longest, in three rounds, and searches less long", () => {
  const [quick, full] = [parseOptions(["--quick"]), parseOptions([])];
  const left = full.cases.map((c) => c.name).filter((name) => !quick.cases.some((c) => c.name === name));
  expect(left).toEqual(["unroll-200", "unroll-200-cifar"]);
  expect([quick.rounds, full.rounds]).toEqual([3, 7]);
  expect(quick.plan.search!.search).toBeLessThan(full.plan.search!.search);
  expect(parseOptions(["--quick", "--case", "unroll-200"]).cases.map((c) => c.name)).toEqual(["unroll-200"]);
});

test("the search is part of the bench unless it is left out", () => {
  expect(parseOptions([]).plan.search).toBeDefined();
  expect(parseOptions(["--plain-peer"]).plan.search).toBeUndefined();
});

test("the loop is timed alone where it is asked for", () => {
  expect([parseOptions(["--steps"]).steps, parseOptions([]).steps]).toEqual([true, false]);
});

test("what was typed is kept, to be typed again", () => {
  const args = ["--quick", "--json", "docs/results/speed.json", "--markdown", "a b.md"];
  const options = parseOptions(args);
  expect(options.command).toBe("npm run bench -- --quick --json docs/results/speed.json --markdown 'a b.md'");
  expect(options).toMatchObject({ json: "docs/results/speed.json", markdown: "a b.md", resume: false });
  expect(parseOptions([...args, "--resume"])).toMatchObject({ command: options.command, resume: true });
});

test.each([
  [["--json"], "bad-option"],
  [["--fast"], "bad-option"],
  [["--threads", "0"], "bad-option"],
  [["--case", "feature-256"], "unknown-case"],
])("%j is refused", (args, code) => {
  expect(() => parseOptions(args)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
});
