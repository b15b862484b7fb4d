import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectRefusal, small, workplace } from "./attar.ts";

const { path, attar } = workplace();
const few = ["--shadows", "4", "--pool", "200", "--epochs", "2", "--net", "convnet:depth=2,width=4"];

test("a private run is audited as it was made, its claim is held against what is shown, and its models are made once", async () => {
  const made = await attar(
    "condense",
    "digits",
    "--method",
    "dp-dm",
    "--ipc",
    "1",
    "--steps",
    "4",
    "--out",
    "run",
    ...small,
  );
  expect(made.code).toBe(0);
  const words = ["audit", "run", "--on", "digits", ...few, "--json"];
  const { code, stdout, stderr } = await attar(...words);
  expect(stderr).toMatch(/4 halves of 200 samples condensed, 4 steps each/);
  expect(code).toBe(0);
  const { subjects, seconds } = JSON.parse(stdout);
  expect(subjects.map(({ name }: { name: string }) => name)).toEqual(["dp-dm", "random"]);
  const [own] = subjects;
  expect(own.claimed.epsilon).toBeLessThanOrEqual(1);
  expect(own.refuted).toBe(false);
  for (const attack of ["lira", "lira-views", "shokri", "embedding-distance", "calibrated-ssim-distance"])
    expect(own.attacks[attack].auc.value).toBeGreaterThan(0.3);
  expect(readdirSync(path("runs/audit")).every((name) => name.endsWith(".safetensors"))).toBe(true);
  const again = await attar(...words, "--resume");
  expect(JSON.parse(again.stdout)).toMatchObject({ seconds, subjects: JSON.parse(JSON.stringify(subjects)) });
});

test("canaries are asked about alone, beside all controls, in a table and a picture", async () => {
  const words = ["audit", "dm", "--on", "digits", "--ipc", "1", "--steps", "2", ...few, "--canaries", "20"];
  const { code, stdout } = await attar(...words, "--controls", "random,full,equal", "--attack", "lira,shokri,distance");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^dm .*lira/m);
  expect(stdout).toMatch(/^equal, \d+ a class/m);
  expect(stdout).toMatch(/^full/m);
  // Of the half itself there is no set to be near to.
  expect(stdout.match(/ distance /g)).toHaveLength(3);
  const drawn = await attar(...words, "--resume", "--json", "--plot", "roc.svg");
  const { asked, canaries, subjects } = JSON.parse(drawn.stdout);
  expect([asked, canaries]).toEqual([20, 20]);
  expect(subjects[0].attacks.shokri.within + subjects[0].attacks.shokri.without).toBe(4 * 20);
  expect(existsSync(path("roc.svg"))).toBe(true);
  expect(readFileSync(path("roc.svg"), "utf8")).toMatch(/who was in it/);
});

test("an attack or a control that there is not is refused with those that there are", async () => {
  const attack = await attar("audit", "dm", "--on", "digits", "--attack", "lyra");
  expectRefusal(2, attack);
  expect(attack.stderr).toMatch(/did you mean "lira"/);
  const control = await attar("audit", "dm", "--on", "digits", "--controls", "half");
  expectRefusal(2, control);
  expect(control.stderr).toMatch(/random,full,equal/);
});
