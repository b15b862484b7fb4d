import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectRefusal, workplace } from "./attar.ts";

const { path, attar } = workplace();
const quick = ["--methods", "random", "--net", "mlp:width=8", "--epochs", "5", "--repeats", "2", "--for", "10m"];

test("advice is a table, two files, and a command that works as it is typed", { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await attar("advise", "digits", ...quick, "--ipc", "1,2", "--out", "advice");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^images a class +method +accuracy +± +size +made in +scored in\n1 +\w+ +\d+\.\d %/);
  expect(stdout).toMatch(/all 1151 training samples, \d+ epochs: \d+\.\d %/);
  expect(stderr).toContain("sets of 1151 training samples, scored on the other 287");
  const advice = JSON.parse(readFileSync(path("advice/advice.json"), "utf8"));
  expect(advice.trials).toHaveLength(4);
  expect(readFileSync(path("advice/advice.svg"), "utf8")).toContain("What sizes of digits are worth");
  const [, command] = /next +attar (.+)/.exec(stdout)!;
  expect(`attar ${command}`).toBe(advice.command);
  expect((await attar(...command!.split(" "), "--out", "run", "--quiet")).code).toBe(0);
});

test("the same question goes on; another one is refused, and so is a file of somebody else", async () => {
  const asked = ["advise", "digits", ...quick, "--ipc", "1", "--out", "advice"];
  const again = await attar(...asked, "--json");
  expect(JSON.parse(again.stdout).trials).toHaveLength(4);
  expect(again.stderr).toContain("4 sets of an earlier advice kept");
  const other = await attar(...asked, "--seed", "1");
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
  writeFileSync(path("advice/advice.json"), '{"mine": true}');
  expectRefusal(2, await attar(...asked, "--quiet"), await attar(...asked, "--json"));
});

test.each([
  [["--for", "soon"], "--for 10m"],
  [["--methods", "dmm"], 'did you mean "dm"?'],
  [["--methods", ","], "--methods dm,m3d"],
  [["--ipc", "1,ten"], "--ipc 10"],
  [["--margin", "-1"], "--margin 2"],
])("%j is refused with what to type", async (words, hint) => {
  const { code, stderr } = await attar("advise", "digits", ...words);
  expect(code).toBe(2);
  expect(stderr).toContain(hint);
});
