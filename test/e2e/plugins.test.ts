import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readCondensed } from "../../src/data/index.ts";
import { workplace } from "./attar.ts";

const { attar, path } = workplace();
for (const file of ["parts.mjs", "contrast.json"])
  copyFileSync(new URL(`../../examples/${file}`, import.meta.url), path(file));

const plugin = ["--plugin", "parts.mjs"];
const condense = (...more: string[]) =>
  attar(
    "condense",
    "digits",
    "--method",
    "contrast.json",
    "--ipc",
    "1",
    "--set",
    "realBatch=8",
    "--out",
    "run",
    ...more,
  );

test("the example's view, discrepancy, space and trick condense, and its network scores", async () => {
  const { code, stdout } = await condense(...plugin, "--steps", "3", "--json");
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const losses = events.filter(({ event }) => event === "step").map(({ loss }) => loss);
  expect(losses).toHaveLength(3);
  expect(losses.at(-1)).toBeLessThan(losses[0]);
  expect(events[0].configuration).toMatchObject({
    plugins: [{ path: "parts.mjs", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    record: { name: "contrast" },
    tricks: [{ name: "decay", options: { weight: 0.01 } }],
  });
  const { images, shape } = await readCondensed(path("run", "condensed.safetensors"));
  const [, , width] = shape;
  expect(images.every((x, i) => x === images[i - (i % width) + width - 1 - (i % width)])).toBe(true);
  const net = ["--nets", "shallow:width=8", "--repeats", "1", "--epochs", "2", "--baselines", "none", "--json"];
  const scored = await attar("evaluate", "run", "--on", "digits", ...plugin, ...net);
  expect(JSON.parse(scored.stdout).results[0].net).toBe("shallow:width=8");
});

test("a run goes on under the same plugin, and under no other content", async () => {
  expect((await condense(...plugin, "--steps", "3", "--resume")).code).toBe(0);
  const text = readFileSync(path("parts.mjs"), "utf8");
  writeFileSync(path("parts.mjs"), `${text}// changed\n`);
  const { code, stderr } = await condense(...plugin, "--steps", "3", "--resume");
  expect([code, stderr]).toEqual([2, expect.stringContaining("plugins of other content")]);
  writeFileSync(path("parts.mjs"), text);
});

test("parts are measured, explained and in the schema of records, and gone without the plugin", async () => {
  const measured = await attar("measure", "digits:train", "digits:test", "--discrepancy", "centres", ...plugin);
  expect(measured.stdout).toMatch(/^centres +0\.\d+ +exact/m);
  const explained = await attar("methods", "contrast.json", ...plugin);
  expect(explained.stdout).toContain("attar condense digits --method contrast.json --plugin parts.mjs --ipc 1");
  expect((await attar("cite", "contrast.json", ...plugin)).code).toBe(0);
  expect((await attar("schema", "--method", ...plugin)).stdout).toContain('"mirrored"');
  expect((await attar("schema", "--method")).stdout).not.toContain('"mirrored"');
  const { code, stderr } = await attar("methods", "contrast.json");
  expect([code, stderr]).toEqual([2, expect.stringContaining('there is no view named "contrast"')]);
});

test.each([
  ["is not there", undefined, "there is no plugin odd.mjs"],
  ["does not parse", "export default {", "odd.mjs could not be run"],
  ["exports nothing", "", "odd.mjs has no parts as its default export"],
  ["throws", "throw new Error('on its own')", "on its own"],
  [
    "names a part that there is",
    "export default { views: { logits: { title: 't', make() {} } } }",
    'view named "logits" already',
  ],
])("a plugin that %s is refused in one sentence", async (_, content, message) => {
  if (content !== undefined) writeFileSync(path("odd.mjs"), content);
  const { code, stderr } = await attar("methods", "--plugin", "odd.mjs");
  expect([code, stderr.trim().split("\n").length]).toEqual([2, 2]);
  expect(stderr).toContain(message);
});
