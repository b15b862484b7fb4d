import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cellsOf } from "../../plan/cells.node.ts";
import { knownIn } from "../../plan/known.node.ts";
import { Planner } from "../../plan/plan.node.ts";
import { rowsOf } from "../../rows/rowsOf.node.ts";
import { folderBackend } from "../../store/folderBackend.node.ts";
import { Store } from "../../store/store.ts";
import { parseStudy } from "../../study/parseStudy.ts";
import { resolveStudy } from "../../study/resolveStudy.node.ts";
import { runJob } from "./runJob.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-audit-job-"));
afterAll(() => rmSync(root, { recursive: true }));

test("a study that asks for membership has its rows, once for all seeds, and its models are kept in the job's folder", async () => {
  const study = {
    name: "membership",
    methods: ["random"],
    datasets: ["digits"],
    ipc: [1],
    seeds: [0, 1],
    networks: ["mlp:width=4,depth=1"],
    protocols: [{ epochs: 1, repeats: 1 }],
    objectives: ["membership:shadows=4,pool=120"],
  };
  const store = new Store(folderBackend(root));
  const cells = cellsOf(await resolveStudy(parseStudy(study, "s"), join(root, "s.json")));
  const planner = new Planner(cells);
  const jobs: string[] = [];
  for (;;) {
    const { ready } = await planner.plan(await knownIn(store, cells));
    if (ready.length === 0) break;
    for (const job of ready) {
      const options = { copies: false, signal: new AbortController().signal, onStep: () => {}, onNote: () => {} };
      await runJob(job, { store, folder: join(root, "work", job.key), ...options });
      jobs.push(job.name);
      if (job.kind === "audit") expect(readdirSync(join(root, "work", job.key, "shadows"))).toHaveLength(4);
    }
  }
  expect(jobs).toEqual(["random/digits/ipc1/seed0", "random/digits/ipc1/seed1", "random/digits/ipc1/seed0/audit"]);
  const rows = await rowsOf(cells, await planner.plan(await knownIn(store, cells)), store);
  const [area] = rows.filter(({ metric }) => metric === "membership:shadows=4,pool=120");
  expect(area).toMatchObject({ status: "ok", unit: "fraction", better: "lower", subject: "random" });
  expect(area!.value).toBeGreaterThan(0);
  expect(area!.value).toBeLessThan(1);
  const [distance] = rows.filter(({ metric }) => metric.endsWith(".distance"));
  // A tenth of a half is in its set, at distance 0.
  expect(distance!.value).toBeGreaterThan(0.5);
});
