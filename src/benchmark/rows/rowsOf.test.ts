import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runJob } from "../jobs/run/runJob.node.ts";
import { cellsOf } from "../plan/cells.node.ts";
import { knownIn } from "../plan/known.node.ts";
import { Planner } from "../plan/plan.node.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import type { Row } from "./row.ts";
import { rowsOf } from "./rowsOf.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-rows-"));
afterAll(() => rmSync(root, { recursive: true }));

const net = "convnet:depth=2,width=4";
const attack = "fgsm:linf,0.1,images=20";
const study = {
  name: "derived",
  methods: [{ name: "dm", set: { steps: 2, realBatch: 4, net } }, { name: "dp-merf", set: { steps: 2 } }, "random"],
  datasets: ["digits"],
  ipc: [1],
  networks: ["convnet:width=4,depth=2", "mlp"],
  protocols: [{ epochs: 2, repeats: 2 }],
  objectives: [
    ...["epsilon", "cross-architecture", "hard-label-recovery", "label-robust-score", attack],
    ...["robustness-ratio", "attack-efficiency", "robustness-efficiency-index", "augmentation-robust-score"],
  ],
  reference: { epochs: 1 },
};

let rows: readonly Row[];
/** Rows while the networks of the random set are not trained yet. */
let early: readonly Row[];

beforeAll(async () => {
  const store = new Store(folderBackend(root));
  const cells = cellsOf(await resolveStudy(parseStudy(study, "s"), join(root, "s.json")));
  const planner = new Planner(cells);
  const now = async () => planner.plan(await knownIn(store, cells));
  const last = (name: string) => name.startsWith("random/") && name.endsWith("field");
  const finish = async (left: (name: string) => boolean) => {
    for (;;) {
      const ready = (await now()).ready.filter(({ name }) => !left(name));
      if (ready.length === 0) return;
      for (const job of ready) {
        const options = { copies: false, signal: new AbortController().signal, onStep: () => {}, onNote: () => {} };
        await runJob(job, { store, folder: join(root, "work", job.key), ...options });
      }
    }
  };
  await finish(last);
  early = await rowsOf(cells, await now(), store);
  await finish(() => false);
  rows = await rowsOf(cells, await now(), store);
});

const of = (subject: string, metric: string, from = rows) =>
  from.filter((row) => row.subject === subject && row.metric === metric);

test("ε of a private run is a row at its δ, and of another one the reason", () => {
  const [epsilon] = of("dp-merf", "epsilon");
  expect(epsilon).toMatchObject({
    status: "ok",
    better: "lower",
    network: null,
    reason: expect.stringMatching(/^at δ.*; noise is drawn anew in every computation$/),
  });
  expect(epsilon!.value).toBeGreaterThan(0.9);
  expect(epsilon!.value).toBeLessThanOrEqual(1);
  expect(of("dp-merf", "epsilon.delta")[0]!.value).toBeGreaterThan(0);
  expect(of("dm", "epsilon")[0]).toMatchObject({ status: "absent", reason: "not private: dm claims nothing" });
});

test("scores of a private set say that its noise is drawn anew, and no others do", () => {
  const scored = (subject: string) => of(subject, attack).map(({ reason }) => reason);
  expect(new Set(scored("dp-merf"))).toEqual(new Set(["noise is drawn anew in every computation"]));
  expect(new Set(scored("dm"))).toEqual(new Set([null]));
});

test("a private run that is computed twice raises no alarm, another one that comes out otherwise does", async () => {
  const other = new Store(folderBackend(mkdtempSync(join(root, "again-"))));
  const cells = cellsOf(await resolveStudy(parseStudy(study, "s"), join(root, "s.json")));
  const { ready } = await new Planner(cells).plan(await knownIn(other, cells));
  const options = { copies: false, signal: new AbortController().signal, onStep: () => {}, onNote: () => {} };
  const job = ready.find(({ name }) => name.startsWith("dp-merf/"))!;
  await runJob(job, { store: other, folder: mkdtempSync(join(root, "again-")), ...options });
  const store = new Store(folderBackend(root));
  const [before, now] = [(await store.result(job.kind, job.key))!, (await other.result(job.kind, job.key))!];
  expect(now.outputs.set).not.toBe(before.outputs.set);
  expect(await store.takeFrom(other, ["condense"])).toEqual({ taken: 0, alarms: 0 });
  const { privacy: _, ...open } = before.configuration as { privacy: unknown };
  const alike = { ...before, key: "open", configuration: open };
  const kept = new Store(folderBackend(mkdtempSync(join(root, "kept-"))));
  await kept.settle(alike);
  const third = new Store(folderBackend(mkdtempSync(join(root, "third-"))));
  for (const digest of new Set([...Object.values(now.outputs), ...[now.made.events ?? []].flat()]))
    await third.keep(await other.object(digest));
  await third.settle({ ...alike, outputs: now.outputs, made: now.made });
  expect(await kept.takeFrom(third, ["condense"])).toEqual({ taken: 0, alarms: 1 });
});

test("derived figures have a row each, and accuracies that nobody asked for have none", () => {
  expect(rows.some(({ objective }) => objective === "accuracy")).toBe(false);
  expect(of("dm", "cross-architecture")[0]).toMatchObject({
    status: "ok",
    cell: "dm/digits/ipc1/seed0",
    network: null,
  });
  expect(of("dp-merf", "cross-architecture")[0]).toMatchObject({ status: "absent" });
  for (const metric of ["hard-label-recovery", "label-robust-score"])
    expect(of("dm", metric).map(({ status, network }) => [status, network])).toEqual([
      ["ok", net],
      ["ok", "mlp"],
    ]);
  expect(of("random", "hard-label-recovery").length).toBe(2);
  expect(of("dm", "augmentation-robust-score")[0]!.reason).toMatch(/^no protocol without augmentation/);
});

test("BEARD's columns come from the attacks that were read, and their seconds", () => {
  expect(of("dm", "robustness-ratio").map(({ repeat, status }) => [repeat, status])).toEqual([
    ...[0, 1, 0, 1].map((repeat) => [repeat, "ok"]),
  ]);
  for (const row of of("dm", "attack-efficiency")) expect(row.reason).toMatch(/wall time|no attack takes longer/);
  expect(of("dm", "attack-efficiency").length).toBe(2);
});

test("a figure waits for the networks that it is held against", () => {
  expect(of("dm", "label-robust-score", early)[0]).toMatchObject({
    status: "absent",
    value: null,
    reason: expect.stringMatching(/^random\/digits\/ipc1\/seed0\/.* is not computed yet$/),
  });
  expect(of("dm", "hard-label-recovery", early)[0]!.status).toBe("ok");
});
