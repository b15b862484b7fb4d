import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { folderBackend } from "../store/folderBackend.node.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import { cellsOf, type Share } from "./cells.node.ts";
import { estimateOf } from "./estimate.ts";
import { knownIn } from "./known.node.ts";
import { Pace } from "./pace.ts";
import { type Plan, Planner } from "./plan.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-estimate-"));
afterAll(() => rmSync(root, { recursive: true }));

const study = {
  name: "s",
  datasets: ["digits"],
  ipc: [1, 10],
  networks: ["convnet", "mlp"],
  protocols: [{ epochs: 5, repeats: 3 }],
};

/** The plan of a study of which nothing is there yet. */
async function planOf(change: object, share?: () => Share): Promise<Plan> {
  const resolved = await resolveStudy(parseStudy({ ...study, ...change }, "s.json"), join(root, "s.json"));
  const cells = cellsOf(resolved, { ...(share && { share }) });
  return new Planner(cells).plan(await knownIn(new Store(folderBackend(join(root, "store"))), cells));
}

/** A pace at which everything takes a day. */
function slow(plan: Plan): Pace {
  const pace = new Pace();
  for (const job of plan.ready) pace.add(job, 86_400);
  pace.add({ kind: "evaluate", name: "dm/digits", work: 1 }, 86_400);
  return pace;
}

test("a set with a budget takes it together with its scores, whatever a step was thought to take", async () => {
  const plan = await planOf({ methods: ["dm", "dc"], budget: "4m" }, () => ({ measured: [], steps: 3 }));
  expect(estimateOf(plan, slow(plan))).toMatchObject({ jobs: 4 * 3, seconds: 4 * 240 });
});

test("a set whose steps are not measured yet takes its budget, too", async () => {
  const plan = await planOf({ methods: ["dm"], budget: "4m" }, () => ({ measured: [] }));
  expect(estimateOf(plan, new Pace())).toMatchObject({ jobs: 2 * 3, seconds: 2 * 240, guessed: false });
});

test("without a budget jobs take what those of their kind took", async () => {
  const plan = await planOf({ methods: ["dm"], ipc: [1] });
  const pace = slow(plan);
  pace.add({ kind: "evaluate", name: "dc/digits", work: 1 }, 0);
  const work = 5 * 3 * 10 * 64;
  expect(estimateOf(plan, pace)).toMatchObject({ jobs: 3, seconds: 86_400 + 2 * work * 86_400, guessed: false });
});

test("how long a coreset takes says nothing of a set that takes steps", async () => {
  const plan = await planOf({ methods: ["dm", "random"], ipc: [1] });
  const pace = new Pace();
  const [coreset, set] = ["random", "dm"].map((name) => plan.ready.find((job) => job.name.startsWith(name))!);
  pace.add(coreset!, 1000);
  expect(pace.secondsOf(coreset!)).toBe(1000);
  expect(pace.knows(set!)).toBe(false);
  expect(pace.secondsOf(set!)).toBe(new Pace().secondsOf(set!));
});
