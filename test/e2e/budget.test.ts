import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { workplace } from "./attar.ts";

const { path, attar } = workplace();

test("--for chooses settings and says how to repeat them; the same words give the same configuration", {
  timeout: 120_000,
}, async () => {
  const command = ["condense", "digits", "--ipc", "1", "--net", "convnet:depth=2,width=4", "--dry-run", "--json"];
  // Long enough for a busy machine: a dry run only times steps.
  const { code, stderr, stdout } = await attar(...command, "--for", "10m");
  expect(code).toBe(0);
  const [, words] = /the same run again: (.+)/.exec(stderr)!;
  const { configuration } = JSON.parse(stdout);
  expect(configuration).toMatchObject({ method: "dm", steps: expect.any(Number) });
  expect(configuration.steps).toBeGreaterThan(100);
  const again = await attar(...command, ...words!.split(" "));
  expect(JSON.parse(again.stdout).configuration).toEqual(configuration);
});

test("a run whose time is up has written what it has, and goes on with --resume and the settings it had", {
  timeout: 240_000,
}, async () => {
  const out = path("run");
  const command = ["condense", "digits", "--ipc", "1", "--net", "convnet:depth=2,width=4", "--out", out];
  expect((await attar(...command, "--steps", "4")).code).toBe(0);
  const { code, stderr } = await attar(...command, "--for", "10m", "--resume");
  expect({ code, timed: stderr.includes("timed") }).toEqual({ code: 0, timed: false });
  expect(stderr).toContain("4 steps, from step 4");
});

test("--for is refused with what to type", async () => {
  expect((await attar("condense", "digits", "--for", "ten")).stderr).toContain("for example --for 10m");
  const both = await attar("condense", "digits", "--for", "10s", "--steps", "5");
  expect(both).toMatchObject({ code: 2 });
  expect(both.stderr).toContain("leave --steps out");
});

test("--start goes on from the images of a run, and says what is none", { timeout: 120_000 }, async () => {
  const small = ["--net", "convnet:depth=2,width=4", "--set", "realBatch=8", "--ipc", "1", "--quiet"];
  const [first, second] = [path("first"), path("second")];
  expect((await attar("condense", "digits", ...small, "--steps", "2", "--out", first)).code).toBe(0);
  const command = ["condense", "digits", ...small, "--steps", "2", "--start", first, "--out", second];
  expect((await attar(...command)).code).toBe(0);
  expect(JSON.parse(readFileSync(`${second}/run.json`, "utf8")).configuration.start).toMatch(/^[0-9a-f]{32}$/);
  expect((await attar(...command, "--resume")).code).toBe(0);
  const without = command.filter((word) => word !== "--start" && word !== first);
  expect((await attar(...without, "--resume")).stderr).toContain("start");
  expect((await attar("condense", "digits", "--start", "nowhere")).stderr).toContain("there is no run or file nowhere");
});
