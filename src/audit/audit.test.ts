import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { membershipAttacks } from "./attacks/index.ts";
import { type AuditOptions, audit } from "./audit.ts";
import { gameOf, halfOf } from "./game.ts";
import { shadowFolder } from "./node/shadowFolder.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-audit-"));
afterAll(() => rmSync(root, { recursive: true }));

const dataset = await tinyDataset();
const options: AuditOptions = {
  shadows: 4,
  epochs: 2,
  network: parseNetwork("mlp:width=4,depth=1"),
  condense: { ipc: 1, augmentation: "none" },
  controls: [],
};

describe("a game", () => {
  test("gives every model a half by fair coins, and asks about the pool", async () => {
    const game = await gameOf(dataset, { shadows: 64, seed: 3 });
    const all = game.members.flatMap((own) => Array.from(own));
    const share = all.reduce((a, b) => a + b, 0) / all.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / all.length));
    expect(game.asked).toEqual(Array.from(dataset.train.labels.keys()));
    const half = await halfOf(game, 0);
    const rows = game.asked.filter((i) => game.members[0]![i] === 1);
    expect(Array.from(half.train.labels)).toEqual(rows.map((i) => dataset.train.labels[i]));
    expect(half.test).toBe(dataset.test);
  });

  test("gives canaries wrong labels and asks about them alone", async () => {
    const { dataset: changed, asked } = await gameOf(dataset, { shadows: 4, seed: 3, canaries: 3 });
    expect(asked).toHaveLength(3);
    for (const [i, label] of changed.train.labels.entries())
      expect(label !== dataset.train.labels[i]).toBe(asked.includes(i));
  });

  test("is refused where it is too small, or asks about more than there is", async () => {
    await expect(gameOf(dataset, { shadows: 2, seed: 0 })).rejects.toThrow(/--shadows must be a whole number from 4/);
    await expect(gameOf(dataset, { shadows: 4, seed: 0, pool: 1 })).rejects.toThrow(/--pool/);
  });
});

describe("an audit", () => {
  test("finds a random subset's own samples out by their distance, keeps its models and makes none again", async () => {
    const folder = join(root, "kept");
    const done: string[] = [];
    const made = await audit(dataset, methodNamed("random"), {
      ...options,
      shadowStore: shadowFolder(folder, false),
      onShadow: (k, total, name) => done.push(`${name} ${k}/${total}`),
    });
    expect(done).toEqual(["random 1/4", "random 2/4", "random 3/4", "random 4/4"]);
    expect(readdirSync(folder)).toHaveLength(4);
    const [random] = made.subjects;
    expect(random!.copies).toBe(1);
    // Every class has one sample of its half in the set; those are at distance 0, and members.
    const [first] = random!.attacks.distance!.roc.points.slice(1);
    expect(first).toMatchObject({ threshold: -0, falsePositives: 0, truePositives: 4 * dataset.classes.length });
    const steps: unknown[] = [];
    const again = await audit(dataset, methodNamed("random"), {
      ...options,
      shadowStore: shadowFolder(folder, true),
      onStep: (...step) => steps.push(step),
    });
    expect(again).toEqual(made);
    expect(steps).toEqual([]);
    writeFileSync(join(folder, readdirSync(folder)[0]!), "damaged");
    const mended = await audit(dataset, methodNamed("random"), {
      ...options,
      shadowStore: shadowFolder(folder, true),
      onStep: (...step) => steps.push(step),
    });
    expect(steps.length).toBeGreaterThan(0);
    expect(mended.subjects).toEqual(made.subjects);
  });

  test("that is interrupted keeps what it made, and says how it goes on", async () => {
    const abort = new AbortController();
    const folder = join(root, "cut");
    const cut = audit(dataset, methodNamed("random"), {
      ...options,
      signal: abort.signal,
      shadowStore: shadowFolder(folder, true),
      onShadow: () => abort.abort(),
    });
    await expect(cut).rejects.toMatchObject({
      code: "interrupted",
      exitCode: 4,
      hint: expect.stringMatching("--resume"),
    });
    expect(existsSync(folder) ? readdirSync(folder) : []).toHaveLength(1);
  });

  test("goes on within a model that was interrupted, a private one under its key, to the same set", async () => {
    const folder = join(root, "within");
    const condense = {
      ...{ ipc: 1, steps: 8, augmentation: "none", network: parseNetwork("mlp:width=4,depth=1") },
      set: { "privacy.releases": 4, realBatch: 2 },
    };
    const abort = new AbortController();
    const steps: number[] = [];
    const cut = audit(dataset, methodNamed("dp-dm"), {
      ...options,
      condense,
      signal: abort.signal,
      shadowStore: shadowFolder(folder, true),
      onStep: (done, total, what) => {
        if (what !== "steps") return;
        steps.push(done);
        if (steps.length === total + 5) abort.abort();
      },
    });
    await expect(cut).rejects.toMatchObject({ code: "interrupted" });
    const run = join(folder, readdirSync(folder).find((name) => name.endsWith(".run"))!);
    expect(readdirSync(run)).toContain("noise.key");
    const again: number[] = [];
    const made = await audit(dataset, methodNamed("dp-dm"), {
      ...options,
      condense,
      shadowStore: shadowFolder(folder, true),
      onStep: (done, _, what) => what === "steps" && again.push(done),
    });
    // The first model is kept, of the second five steps are.
    expect(again.slice(0, 4)).toEqual([6, 7, 8, 1]);
    expect(again).toHaveLength(3 + 2 * 8);
    expect(readdirSync(folder).filter((name) => !name.endsWith(".safetensors"))).toEqual([]);
    expect(made.subjects[0]!.claimed?.epsilon ?? made.subjects[0]!.unjudged).toBeDefined();
  });

  test("has a subset of equal accuracy beside it, whose size is found once and kept", async () => {
    const folder = join(root, "equal");
    const store = () => shadowFolder(folder, true);
    const asked: AuditOptions = {
      ...options,
      controls: ["equal"],
      condense: { ipc: 2, augmentation: "none", steps: 2 },
    };
    const { subjects } = await audit(dataset, methodNamed("dm"), { ...asked, shadowStore: store() });
    expect(subjects.map(({ name }) => name)).toEqual(["dm", "equal"]);
    expect(subjects[1]!.ipc).toBeGreaterThan(0);
    const steps: unknown[] = [];
    const again = await audit(dataset, methodNamed("dm"), {
      ...asked,
      shadowStore: store(),
      onStep: (...step) => steps.push(step),
    });
    expect(again.subjects).toEqual(subjects);
    expect(steps).toEqual([]);
  });

  test("has the half itself beside it, whose networks are attacked and which has no set", async () => {
    const { subjects } = await audit(dataset, methodNamed("random"), { ...options, controls: ["random", "full"] });
    expect(subjects.map(({ name }) => name)).toEqual(["random", "full"]);
    const names = Object.keys(subjects[1]!.attacks);
    expect(names).toContain("shokri");
    expect(names.filter((name) => name.endsWith("distance"))).toEqual([]);
    const own = Object.keys(subjects[0]!.attacks);
    expect(own).toEqual(membershipAttacks.map(({ name }) => name));
    expect(subjects[1]!.copies).toBeUndefined();
  });
});
