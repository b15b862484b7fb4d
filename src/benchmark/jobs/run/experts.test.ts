import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cellsOf } from "../../plan/cells.node.ts";
import { knownIn } from "../../plan/known.node.ts";
import { Planner } from "../../plan/plan.node.ts";
import { folderBackend } from "../../store/folderBackend.node.ts";
import { Store } from "../../store/store.ts";
import { parseStudy } from "../../study/parseStudy.ts";
import { resolveStudy } from "../../study/resolveStudy.node.ts";
import { followUps } from "../../worker/followUps.node.ts";
import type { AnyJob } from "../job.ts";
import { runJob } from "./runJob.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-experts-"));
const cache = process.env.XDG_CACHE_HOME;
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(root, { recursive: true });
});

const net = "convnet:depth=2,width=4";
const study = {
  name: "experts",
  methods: [
    {
      name: "mtt",
      set: {
        ...{ steps: 1, realBatch: 4, net, "hypotheses.networks": 2, "hypotheses.expertEpochs": 3 },
        ...{ "hypotheses.latest": 1, "hypotheses.images": 40, "solver.steps": 2 },
      },
    },
  ],
  datasets: ["digits"],
  ipc: [1],
  networks: ["mlp"],
  protocols: [{ epochs: 1, repeats: 1 }],
};

/** Another machine, with a cache of its own. */
const machine = (name: string) => {
  process.env.XDG_CACHE_HOME = join(root, name);
};

const cells = async () => cellsOf(await resolveStudy(parseStudy(study, "s"), join(root, "s.json")));
const readyIn = async (store: Store) => {
  const of = await cells();
  return (await new Planner(of).plan(await knownIn(store, of))).ready;
};

/** Does a job. @returns what it said */
async function done(job: AnyJob, store: Store, onStep: (abort: AbortController) => void = () => {}): Promise<string[]> {
  const notes: string[] = [];
  const abort = new AbortController();
  await runJob(job, {
    ...{ store, folder: join(root, "work", job.key), copies: false, signal: abort.signal },
    onStep: () => onStep(abort),
    onNote: (note) => notes.push(note),
  });
  return notes;
}

test("experts are a job of their own: interrupted they go on, and another machine has them from the store", async () => {
  const [store, undisturbed] = [new Store(folderBackend(join(root, "a"))), new Store(folderBackend(join(root, "b")))];
  machine("first");
  const [experts] = await readyIn(store);
  expect(experts!.kind).toBe("experts");
  await expect(done(experts!, store, (abort) => abort.abort())).rejects.toMatchObject({ exitCode: 4 });
  expect(await store.result("experts", experts!.key)).toBeUndefined();
  await done(experts!, store);

  machine("second");
  await done(experts!, undisturbed);
  const [a, b] = [await store.result("experts", experts!.key), await undisturbed.result("experts", experts!.key)];
  expect(a!.values).toEqual(b!.values);
  expect((a!.values.contents as string[]).length).toBe(2);

  machine("third");
  const [set] = await readyIn(store);
  expect((await followUps(experts!, store)).map(({ job }) => job.key)).toEqual([set!.key]);
  expect(set!.kind).toBe("condense");
  expect((await done(set!, store)).filter((note) => note.includes("trained first"))).toEqual([]);

  // A store that has lost its copies: the run makes them itself, to the same set.
  machine("fourth");
  rmSync(join(root, "b", "objects"), { recursive: true });
  rmSync(join(root, "work"), { recursive: true });
  const notes = await done(set!, undisturbed);
  expect(notes.filter((note) => note.includes("trained first")).length).toBe(1);
  const [own, other] = [await store.result("condense", set!.key), await undisturbed.result("condense", set!.key)];
  expect(other!.values).toEqual(own!.values);
});
