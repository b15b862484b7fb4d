import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Configuration } from "../../condense/index.ts";
import type { Protocol } from "../../evaluate/index.ts";
import type { AnyJob } from "../jobs/job.ts";
import { knownIn } from "../plan/known.node.ts";
import { type Plan, Planner } from "../plan/plan.node.ts";
import { unfolded } from "../plan/unfold.node.ts";
import { measuredBy, measurementRows } from "../rows/measurementRows.ts";
import type { Row } from "../rows/row.ts";
import { rowsOf } from "../rows/rowsOf.node.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import type { Result } from "../store/result.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-budget-"));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;
const newStore = () => new Store(folderBackend(join(root, String(stores++))));

const study = {
  name: "s",
  methods: ["dm", "dc", "random"],
  datasets: ["digits"],
  ipc: [1],
  seeds: [0, 1],
  networks: ["mlp", "convnet"],
  protocols: [{ epochs: 100, repeats: 3 }],
  objectives: ["accuracy", "bytes"],
  budget: "4m",
};
const resolved = (change: object = {}) =>
  resolveStudy(parseStudy({ ...study, ...change }, "s.json"), join(root, "s.json"));

const planned = async (of: Awaited<ReturnType<typeof resolved>>, store: Store) => {
  const { cells } = await unfolded(of, store);
  return { cells, plan: await new Planner(cells).plan(await knownIn(store, cells)) };
};

/** What a worker would find: a step of dm takes 2 s, one of dc more than there is; a network 10 s and 0.1 s an epoch. */
function found({ kind, key, name, configuration }: AnyJob): Partial<Result> {
  if (kind === "time")
    return { values: { secondsPerStep: name.startsWith("dm") ? 2 : 300, startSeconds: 6, steps: 1 } };
  if (kind === "score-time") return { values: { perEpoch: 0.1, beside: 10 } };
  if (kind !== "evaluate") {
    const augmentation = (configuration as Configuration).augmentation;
    const { steps } = configuration as Configuration;
    return {
      outputs: { set: key },
      values: { content: key, facts: { samples: 10, augmentation }, bytes: { images: 1, labels: 1 }, steps },
    };
  }
  const { protocol } = configuration as { protocol: Protocol };
  return { values: { scores: { accuracy: [0.1, 0.2, 0.3] }, network: "mlp", protocol } };
}

async function settle(store: Store, job: AnyJob): Promise<void> {
  const { kind, version, key, name, configuration, inputs } = job;
  await store.settle({
    format: 1,
    ...{ kind, version, key, name, configuration, inputs },
    status: "ok",
    outputs: {},
    values: {},
    made: {
      versions: { attar: "0", node: "0", onnxruntime: "0" },
      ...{ device: "d", executor: "e", cores: 2, host: "h", load: 0, started: "now", seconds: 1 },
    },
    ...found(job),
  });
}

async function finish(of: Awaited<ReturnType<typeof resolved>>, store: Store): Promise<Plan> {
  for (;;) {
    const { plan } = await planned(of, store);
    if (plan.ready.length === 0) return plan;
    for (const job of plan.ready) await settle(store, job);
  }
}

test("steps wait for what is timed, and are as many as fit beside start and scores", async () => {
  const of = await resolved();
  const store = newStore();
  const { plan: first } = await planned(of, store);
  // Subsets need no timing; of scores, networks and augmentations that sets are made for are timed once for all.
  expect(new Set(first.ready.map(({ kind }) => kind))).toEqual(new Set(["time", "score-time", "condense"]));
  const timed = first.ready.filter(({ kind }) => kind === "time").map(({ name }) => name);
  expect(timed.toSorted()).toEqual(["dc/digits/ipc1/time", "dm/digits/ipc1/time"]);
  expect(first.cells.find(({ name }) => name === "dm/digits/ipc1/seed0")).toMatchObject({ state: "waiting" });
  const plan = await finish(of, store);
  const set = plan.cells.find(({ name }) => name === "dm/digits/ipc1/seed1")!;
  // 240 s less 6 of the start and 2 · 3 networks of 10 + 100 · 0.1 s: 114 s for steps of 2 s.
  expect((set.job!.configuration as Configuration).steps).toBe(57);
  expect(plan.cells.find(({ name }) => name === "dc/digits/ipc1/seed0")).toMatchObject({
    state: "refused",
    reason: "no step fits into 240 s: its scores take 120 s, its start 6.0 s, a step 300 s",
  });
});

test("rows say the budget and the steps, and a fresh store goes on from them: nothing is timed or computed again", async () => {
  const of = await resolved();
  const [own, fresh] = [newStore(), newStore()];
  await finish(of, own);
  const { cells, plan } = await planned(of, own);
  const rows = await rowsOf(cells, plan, own);
  const scores = rows.filter(({ subject, objective }) => subject === "dm" && objective === "accuracy");
  expect(scores.length).toBe(2 * 2 * 3);
  for (const { budget, steps } of scores) expect([budget, steps]).toEqual([240, 57]);
  expect(rows.filter(({ subject }) => subject === "random").every(({ budget }) => budget === null)).toBe(true);

  await fresh.takeRows(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const again = await planned(of, fresh);
  expect(again.plan.ready).toEqual([]);
  expect(await rowsOf(again.cells, again.plan, fresh)).toEqual(rows);

  const longer = await planned(await resolved({ protocols: [{ epochs: 101, repeats: 3 }] }), fresh);
  expect(longer.plan.ready.map(({ name }) => name)).toContain("random/digits/ipc1/seed0");
  // Under another budget steps are others: by the measurements that rows recorded, 60 s make room for 30 more.
  const other = await planned(await resolved({ budget: "5m" }), fresh);
  expect(other.plan.ready.map(({ name }) => name)).toEqual(["dm/digits/ipc1/seed0", "dm/digits/ipc1/seed1"]);
  expect((other.plan.ready[0]!.configuration as Configuration).steps).toBe(87);
});

test("measurements are rows: where no set is there yet, another machine gives every cell the steps that the first one measured", async () => {
  const of = await resolved();
  const [own, fresh] = [newStore(), newStore()];
  const { plan: first } = await planned(of, own);
  for (const job of first.ready) if (job.exclusive) await settle(own, job);
  const { cells, plan } = await planned(of, own);
  const rows = await rowsOf(cells, plan, own);
  const measured = rows.filter(({ objective }) => objective === "measurement");
  expect(
    measured.map(({ cell, subject, ipc, metric, value, unit }) => [cell, subject, ipc, metric, value, unit]),
  ).toEqual(
    expect.arrayContaining([
      ["dm/digits/ipc1/time", "dm", 1, "measurement.step", 2, "s"],
      ["dm/digits/ipc1/time", "dm", 1, "measurement.start", 6, "s"],
      ["scoring/digits/1-images/mlp/color_crop_cutout_scale_rotate", "scoring", 1, "measurement.epoch", 0.1, "s"],
      ["scoring/digits/1-images/mlp/color_crop_cutout_scale_rotate", "scoring", 1, "measurement.network", 10, "s"],
    ]),
  );
  expect(measured[0]).toMatchObject({ device: "d", threads: 2, seconds: 1, status: "ok" });

  await fresh.takeRows(measured.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const { plan: there } = await planned(of, fresh);
  expect(there.ready.filter(({ exclusive }) => exclusive)).toEqual([]);
  const set = there.ready.find(({ name }) => name === "dm/digits/ipc1/seed1")!;
  expect((set.configuration as Configuration).steps).toBe(57);
});

test("a run that diverged while it was timed is known to have, elsewhere too", () => {
  const diverged = { status: "diverged", reason: "S is not finite", values: {}, made: { seconds: 3 } } as const;
  const rows = measurementRows(diverged).map((row) => ({ ...row, key: "k", seconds: 3 }) as Row);
  expect(measuredBy(rows).get("k")).toEqual(diverged);
});

test.each([
  [{ budget: "soon" }, 's.json: budget must be a span of time such as "4m", got "soon"'],
  [{ budget: "4m", explore: { budget: "1m" } }, "budget and explore are two ways to say how long"],
  [{ methods: [{ name: "dm", set: { steps: 3 } }] }, "dm sets its steps, which follow from the budget"],
])("%j is refused", async (change, message) => {
  await expect(async () => resolved(change)).rejects.toThrow(message);
});
