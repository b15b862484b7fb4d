import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { small, workplace } from "./attar.ts";

const { attar, path } = workplace();
const run = ["condense", "digits", "--method", "wmdd", "--ipc", "1", "--steps", "2", ...small];
const cheap = ["--set", "hypotheses.epochs=1", "--set", "hypotheses.images=32", "--set", "hypotheses.networks=2"];
const args = [...run, ...cheap];

test("a dry run names the artefacts that a run needs, one that is offline makes none, and they are made once", async () => {
  const needed = async () => {
    const { stdout } = await attar(...args, "--dry-run", "--json");
    return (JSON.parse(stdout) as { artefacts: { there: number; where: string; flops: number }[] }).artefacts;
  };
  const [before, ...others] = await needed();
  expect(others).toEqual([]);
  expect(before).toMatchObject({ kind: "teacher", members: 2, there: 0 });
  expect(before!.flops).toBeGreaterThan(0);
  expect(existsSync(before!.where)).toBe(false);

  const refused = await attar(...args, "--offline", "--out", "offline");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("2 of 2 teachers of digits are not on this machine");

  const made = await attar(...args, "--out", "made");
  expect(made.code).toBe(0);
  expect(made.stderr).toContain("2 teachers trained first, once for all runs that ask for the same");
  const again = await attar(...args, "--out", "again", "--offline");
  expect(again.code).toBe(0);
  expect(again.stderr).not.toContain("trained first");
  expect(existsSync(path("again", "condensed.safetensors"))).toBe(true);
  expect(await needed()).toMatchObject([{ there: 2, flops: 0, where: before!.where }]);

  const { stdout } = await attar("artefacts", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    artefacts: [{ kind: "teacher", members: 2, folder: before!.where, identity: { dataset: "digits", seed: 0 } }],
  });
  const { stdout: listed } = await attar("artefacts");
  expect(listed).toMatch(/teacher\s+[0-9a-f]{12}\s+2\s.*digits, convnet:depth=2,width=4, seed 0/);
});

test("an encoder is fitted by the first of two measurements", async () => {
  const measured = async () => {
    const sides = ["digits:train", "digits:test", "--discrepancy", "mmd-linear", "--encoder", "pca:3"];
    const { stdout } = await attar("measure", ...sides, "--json");
    return (JSON.parse(stdout) as { values: Record<string, { value: number }> }).values["mmd-linear"]!.value;
  };
  const value = await measured();
  const { stdout } = await attar("artefacts", "--json");
  const { artefacts } = JSON.parse(stdout) as { artefacts: { kind: string; identity: object }[] };
  const encoders = artefacts.filter(({ kind }) => kind === "encoder");
  expect(encoders).toMatchObject([{ identity: { dataset: "digits:train", encoder: { kind: "pca", dimension: 3 } } }]);
  expect(await measured()).toBe(value);
});

test("an encoder that a coreset compares codes of is named by a dry run, made once, and that of a measurement", async () => {
  const encoder = "autoencoder:4,epochs=1,width=8";
  const coreset = [
    "condense",
    "digits",
    "--method",
    "herding",
    "--ipc",
    "1",
    "--set",
    `initialisation.encoder=${encoder}`,
  ];
  const needed = async () =>
    (JSON.parse((await attar(...coreset, "--dry-run", "--json")).stdout) as { artefacts: object[] }).artefacts;
  // 1,438 images, three passes, two operations a multiply-add.
  const flops = 1438 * 3 * 2 * 2 * (64 * 8 + 8 * 4);
  expect(await needed()).toMatchObject([{ kind: "encoder", members: 1, there: 0, flops }]);
  const made = await attar(...coreset, "--out", "codes");
  expect(made.stderr).toContain("1 encoder trained first");
  expect(await needed()).toMatchObject([{ there: 1, flops: 0 }]);
  const measured = await attar("measure", "digits", "codes", "--encoder", encoder, "--discrepancy", "mean-difference");
  expect([measured.code, measured.stderr]).toEqual([0, expect.not.stringContaining("trained first")]);
});
