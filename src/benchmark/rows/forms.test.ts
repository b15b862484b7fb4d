import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseCondensed } from "../../data/index.ts";
import { evaluateCommand } from "../jobs/commands.ts";
import type { EvaluateTask } from "../jobs/job.ts";
import { runJob } from "../jobs/run/runJob.node.ts";
import { cellsOf } from "../plan/cells.node.ts";
import { knownIn } from "../plan/known.node.ts";
import { type Plan, Planner } from "../plan/plan.node.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import type { Row } from "./row.ts";
import { rowsOf } from "./rowsOf.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-forms-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Codes of two numbers under a generator of random weights. */
const coded = {
  name: "it-gan",
  as: "codes",
  set: {
    ...{ steps: 1, realBatch: 2, net: "convnet:depth=2,width=4", initialisation: "noise" },
    ...{
      "synthetic.generator": "cvae:width=4,z=2",
      "synthetic.steps": 0,
      "synthetic.fidelity": 0,
      "tricks.pair": "none",
    },
  },
};
const study = {
  name: "forms",
  methods: [coded, "random"],
  datasets: ["digits"],
  ipc: [2],
  networks: ["mlp"],
  protocols: [
    { epochs: 2, repeats: 1 },
    { name: "fresh", epochs: 2, repeats: 1, sampling: "fresh", for: { methods: ["codes"] } },
    { name: "taught", epochs: 2, repeats: 1, sampling: "teacher:epochs=1", for: { methods: ["random"] } },
  ],
  objectives: ["accuracy", "bytes"],
};

let rows: readonly Row[];
let plan: Plan;
const store = new Store(folderBackend(root));

beforeAll(async () => {
  const cells = cellsOf(await resolveStudy(parseStudy(study, "s"), join(root, "s.json")));
  const planner = new Planner(cells);
  for (;;) {
    plan = await planner.plan(await knownIn(store, cells));
    if (plan.ready.length === 0) break;
    const options = { copies: false, signal: new AbortController().signal, onStep: () => {}, onNote: () => {} };
    for (const job of plan.ready) await runJob(job, { store, folder: join(root, "work", job.key), ...options });
  }
  rows = await rowsOf(cells, plan, store);
}, 120_000);

test("a set of codes has a row for each form that it can be kept in, and another set one for its images", async () => {
  const bytes = (subject: string) =>
    rows
      .filter((row) => row.subject === subject && row.objective === "bytes")
      .map(({ metric, value }) => [metric, value]);
  const set = parseCondensed(await store.object(rows.find(({ subject }) => subject === "codes")!.set!), "codes");
  const { codes, decoder } = set.form!;
  expect(codes).toBe(20 * 2);
  // The decoder: 12 numbers to 4 units to 64 pixels.
  expect(decoder).toBe(12 * 4 + 4 + 4 * 64 + 64);
  const images = 4 * 20 * 64;
  expect(bytes("codes")).toEqual([
    ["bytes", 4 * Math.min(codes + decoder, 20 * 64) + 8 * 20],
    ["bytes.images", images],
    ["bytes.codes", 4 * codes],
    ["bytes.codes-and-decoder", 4 * (codes + decoder)],
  ]);
  expect(bytes("random")).toEqual([["bytes", images + 8 * 20]]);
});

test("ways of sampling are protocols of their own: scores of theirs, by the command that says so", () => {
  const cell = (name: string) => plan.cells.find((one) => one.kind === "evaluate" && one.name.endsWith(name))!;
  const scored = rows.filter(({ objective }) => objective === "accuracy");
  const hashes = new Set(
    scored.map(({ subject, protocol, protocol_hash }) => `${subject} ${protocol} ${protocol_hash}`),
  );
  expect(hashes.size).toBe(4);
  expect(new Set(scored.map(({ protocol_hash }) => protocol_hash)).size).toBeGreaterThanOrEqual(3);
  const [bank, fresh] = [cell("mlp/field"), cell("mlp/fresh")];
  expect(evaluateCommand(fresh.job!.task as EvaluateTask, "run")).toContain("--protocol fresh");
  expect(evaluateCommand(bank.job!.task as EvaluateTask, "run")).not.toContain("--protocol");
  // What is drawn anew hangs on more than the images of the set.
  expect(fresh.job!.configuration).toHaveProperty("file", (fresh.job!.task as EvaluateTask).set);
  expect(bank.job!.configuration).not.toHaveProperty("file");
});
