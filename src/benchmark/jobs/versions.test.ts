import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import kept from "../../../golden/benchmark/versions.json" with { type: "json" };
import { parseArtefact } from "../../artefacts/file.ts";
import { artefactKinds } from "../../artefacts/index.ts";
import { parseCondensed } from "../../data/index.ts";
import { cellsOf } from "../plan/cells.node.ts";
import { knownIn } from "../plan/known.node.ts";
import { Planner } from "../plan/plan.node.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import { versions } from "./job.ts";
import { runJob } from "./run/runJob.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-versions-"));
// Experts of a person's own cache would stand in for those that are made here.
const cache = process.env.XDG_CACHE_HOME;
process.env.XDG_CACHE_HOME = join(root, "cache");
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(root, { recursive: true });
});

const net = "convnet:depth=2,width=4";
const few = {
  ...{ "hypotheses.networks": 1, "hypotheses.expertEpochs": 2, "hypotheses.images": 60, "hypotheses.latest": 1 },
  ...{ "solver.steps": 2 },
};
const study = {
  name: "versions",
  methods: [
    { name: "dm", set: { steps: 3, realBatch: 4, net } },
    "random",
    { name: "mtt", set: { steps: 2, realBatch: 4, net, ...few } },
  ],
  datasets: ["digits"],
  ipc: [1],
  networks: [net],
  protocols: [{ epochs: 4, repeats: 2 }],
  objectives: ["accuracy", "loss"],
};

/** Does a study's jobs in this process. @returns what of their results must stay as long as the kinds' versions do */
async function found(): Promise<Record<string, unknown>> {
  const store = new Store(folderBackend(root));
  const cells = cellsOf(await resolveStudy(parseStudy(study, "s"), join(root, "s.json")));
  const planner = new Planner(cells);
  const all: Record<string, unknown> = {};
  for (;;) {
    const { ready } = await planner.plan(await knownIn(store, cells));
    if (ready.length === 0) return all;
    for (const job of ready) {
      const options = { copies: false, signal: new AbortController().signal, onStep: () => {}, onNote: () => {} };
      await runJob(job, { store, folder: join(root, "work", job.key), ...options });
      const { outputs, values, made } = (await store.result(job.kind, job.key))!;
      if (job.kind === "evaluate") all[job.name] = values.scores;
      else if (job.kind === "experts") {
        const member = await store.object(made.members!["expert-0000.safetensors"]!);
        const { tensors } = await parseArtefact(artefactKinds.parts.experts, member, job.name);
        all[job.name] = Object.fromEntries(
          Object.entries(tensors).map(([name, { data }]) => [name, [...data].slice(0, 3)]),
        );
      } else {
        const { images, labels } = parseCondensed(await store.object(outputs.set!), job.name);
        all[job.name] = { labels: [...labels], images: [...images].filter((_, i) => i % 41 === 0) };
      }
    }
  }
}

/** The numbers of a value, in order. */
const numbersIn = (value: unknown): number[] =>
  typeof value === "number" ? [value] : Object.values(value as object).flatMap(numbersIn);

// Processors round differently: the last bits are not the kinds'. ATTAR_GOLDEN=1 prints golden/benchmark/versions.json anew.
test("results are those that were kept for these versions: raise a kind's version where they are meant to change", async () => {
  const now = await found();
  if (process.env.ATTAR_GOLDEN === "1") console.log(JSON.stringify({ versions, found: now }));
  expect(kept.versions).toEqual(versions);
  expect(Object.keys(now)).toEqual(Object.keys(kept.found));
  const [ours, theirs] = [numbersIn(now), numbersIn(kept.found)];
  expect(ours.length).toBe(theirs.length);
  for (const [i, value] of ours.entries()) expect(value).toBeCloseTo(theirs[i]!, 2);
});
