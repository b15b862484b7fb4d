import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { evaluateCommand } from "../jobs/commands.ts";
import { evaluateJob } from "../jobs/evaluate.node.ts";
import type { AnyJob, EvaluateTask } from "../jobs/job.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import type { Attempt, Result } from "../store/result.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import { type Cells, cellsOf, claimFor } from "./cells.node.ts";
import { keyOf } from "./key.node.ts";
import { knownIn } from "./known.node.ts";
import { narrowed } from "./narrow.node.ts";
import { type Plan, Planner } from "./plan.node.ts";
import { verdictOn } from "./verdict.ts";

const root = mkdtempSync(join(tmpdir(), "attar-plan-"));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;
const newStore = () => new Store(folderBackend(join(root, String(stores++))));

const study = {
  name: "s",
  methods: ["dm", "random", "dc"],
  datasets: ["digits"],
  ipc: [1, 200],
  seeds: [0, 1],
  networks: ["convnet", "mlp"],
  protocols: [{ epochs: 5, repeats: 2 }],
};

const cells = async (change: object = {}): Promise<Cells> =>
  cellsOf(await resolveStudy(parseStudy({ ...study, ...change }, "s.json"), join(root, "s.json")));

const planned = async (of: Cells, store: Store): Promise<Plan> => new Planner(of).plan(await knownIn(store, of));

/** A result as a worker would hand it in, with a content of its own for every key. */
const resultOf = ({ kind, version, key, name, configuration, inputs }: AnyJob, more: Partial<Result> = {}): Result => ({
  format: 1,
  ...{ kind, version, key, name, configuration, inputs },
  status: "ok",
  outputs: { set: key },
  values: { content: key, facts: { samples: 10, augmentation: "" }, bytes: { images: 1, labels: 1 } },
  made: {
    versions: { attar: "0", node: "0", onnxruntime: "0" },
    ...{ device: "d", executor: "e", cores: 1, host: "h", load: 0, started: "now", seconds: 1 },
  },
  ...more,
});

/** Does all that a study lacks, as a worker would. @returns the names of the jobs in their order */
async function finish(of: Cells, store: Store): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const { ready } = await planned(of, store);
    if (ready.length === 0) return done;
    for (const job of ready) {
      await store.settle(resultOf(job));
      done.push(job.name);
    }
  }
}

const names = (jobs: readonly { name: string }[]) => jobs.map(({ name }) => name);

describe("a study against an empty store", () => {
  test("the sets can be made, the scores wait, what cannot be says why", async () => {
    const { cells: all, ready } = await planned(await cells(), newStore());
    expect(all.length).toBe(3 * 2 * 2 * 3);
    const order = ready.map(({ name, work }) => ({ name, seed: name.slice(-1), work }));
    expect(names(order.slice(0, 2))).toEqual(["random/digits/ipc1/seed0", "random/digits/ipc1/seed1"]);
    const others = order.slice(2);
    expect(others).toEqual(others.toSorted((a, b) => Number(a.seed) - Number(b.seed) || a.work - b.work));
    expect(others.length).toBe(2 * 2 * 2);
    const refused = all.filter(({ state }) => state === "refused");
    expect(names(refused)).toContain("random/digits/ipc200/seed0/mlp/field");
    expect(
      refused.every(({ reason }) => /^ipc 200 is larger than class "8" of digits, which has 139/.test(reason!)),
    ).toBe(true);
    expect(all.filter(({ state }) => state === "waiting").length).toBe(2 * (2 * 2 * 2 + 2));
  });

  test("keys are those of what determines a result, and of nothing else", async () => {
    const [a, b] = [await cells(), await cells({ name: "other", objectives: ["accuracy", "loss"], title: "t" })];
    expect(a.sets.map(({ job }) => job?.key)).toEqual(b.sets.map(({ job }) => job?.key));
    const keys = new Set(a.sets.flatMap(({ job }) => job?.key ?? []));
    expect(keys.size).toBe(10);
    const longer = await cells({ methods: [{ name: "dm", set: { steps: 7 } }] });
    expect(longer.sets.some(({ job }) => keys.has(job!.key))).toBe(false);
    const { kind, configuration, inputs, key, version } = a.sets[0]!.job!;
    expect(keyOf({ kind, version, configuration, inputs })).toBe(key);
    expect(keyOf({ kind, version: version + 1, configuration, inputs })).not.toBe(key);
    expect(
      keyOf({ kind, version, configuration: Object.fromEntries(Object.entries(configuration).reverse()), inputs }),
    ).toBe(key);
  });
});

describe("sets that need experts", () => {
  const net = "convnet:depth=2,width=4";
  const few = { "hypotheses.networks": 2, "hypotheses.expertEpochs": 2, "hypotheses.latest": 1, net };
  const withExperts = {
    ...{ seeds: [0], ipc: [1, 2], networks: ["mlp"] },
    methods: ["dm", { name: "mtt", set: few }, { name: "mtt", as: "mtt-long", set: { ...few, steps: 9 } }],
  };

  test("wait for one job that makes them, which they share", async () => {
    const store = newStore();
    const of = await cells(withExperts);
    const first = await planned(of, store);
    const [experts, ...others] = first.ready.filter(({ kind }) => kind === "experts");
    expect(others).toEqual([]);
    expect(experts).toMatchObject({ name: `experts/digits/${experts!.key.slice(0, 12)}` });
    expect(experts!.unlocks!.map(({ name }) => name)).toEqual([
      ...["mtt/digits/ipc1/seed0", "mtt/digits/ipc2/seed0"],
      ...["mtt-long/digits/ipc1/seed0", "mtt-long/digits/ipc2/seed0"],
    ]);
    const sets = first.cells.filter(({ name }) => /^mtt.*seed0$/.test(name));
    expect(sets.map(({ state, on }) => [state, on])).toEqual(sets.map(() => ["waiting", experts!.key]));
    await store.settle(resultOf(experts!, { outputs: {} }));
    const { ready, cells: now } = await planned(of, store);
    expect(names(ready).filter((name) => name.startsWith("mtt")).length).toBe(4);
    expect(now.some(({ kind }) => kind === "experts")).toBe(false);
  });

  test("are blocked where these cannot be made, and their scores with them", async () => {
    const store = newStore();
    const of = await cells(withExperts);
    const experts = (await planned(of, store)).ready.find(({ kind }) => kind === "experts")!;
    await store.settle(resultOf(experts, { status: "diverged", reason: "expert 0 diverged", outputs: {} }));
    const found = (await planned(of, store)).cells.filter(({ name }) => name.startsWith("mtt/digits/ipc1"));
    expect(found.map(({ state, reason, on }) => [state, reason, on])).toEqual([
      ["blocked", "its experts: expert 0 diverged", experts.key],
      ["blocked", "its set: its experts: expert 0 diverged", experts.key],
    ]);
  });

  test("need none once they are there, and have the keys that they had", async () => {
    const store = newStore();
    const of = await cells(withExperts);
    for (const { job } of of.sets) await store.settle(resultOf(job!));
    const { ready } = await planned(of, store);
    expect(ready.map(({ kind }) => kind)).toEqual(ready.map(() => "evaluate"));
    const { kind, version, configuration, inputs, key } = of.sets.find(({ subject }) => subject.label === "mtt")!.job!;
    expect(keyOf({ kind, version, configuration, inputs })).toBe(key);
    // What determines experts must not change by accident: every store would make its own again.
    expect(of.sets.find(({ subject }) => subject.label === "mtt")!.artefacts!.map((job) => job.key)).toEqual([
      "203069758b88cda79c3bbc462fc5326bbaa2ee6b38ce06527e369f78944b1beb",
    ]);
  });
});

describe("like make", () => {
  test("a finished study has nothing to do, and what is added is all that is done", async () => {
    const store = newStore();
    const all = await cells();
    expect((await finish(all, store)).length).toBe(10 * 3);
    expect((await planned(all, store)).ready).toEqual([]);
    const more = await finish(await cells({ methods: [...study.methods, "herding"] }), store);
    expect([...new Set(more.map((name) => name.split("/")[0]))]).toEqual(["herding"]);
    expect(more.length).toBe(2 * 3);
    expect(await finish(await cells({ seeds: [1, 0] }), store)).toEqual([]);
  });

  test("scores come before the next set, and equal sets are scored once", async () => {
    const store = newStore();
    const all = await cells();
    const [first, second] = (await planned(all, store)).ready;
    const same = { values: { content: "c", facts: { samples: 10, augmentation: "" } } };
    await store.settle(resultOf(first!, same));
    await store.settle(resultOf(second!, same));
    const { ready, cells: now } = await planned(all, store);
    expect(names(ready).slice(0, 2)).toEqual([
      "random/digits/ipc1/seed0/convnet/field",
      "random/digits/ipc1/seed0/mlp/field",
    ]);
    expect(ready.filter(({ kind }) => kind === "evaluate").length).toBe(2);
    expect(now.filter(({ kind, state }) => kind === "evaluate" && state === "ready").length).toBe(4);
  });

  test("a set whose labels are values is scored by the readings that its networks have", async () => {
    const store = newStore();
    const all = await cells({ methods: ["dm"], objectives: ["accuracy", "worst-class", "calibration"] });
    const [job] = (await planned(all, store)).ready;
    const facts = { samples: 10, augmentation: "", loss: "squared-error" };
    await store.settle(resultOf(job!, { values: { content: "c", facts } }));
    const scored = (await planned(all, store)).ready.filter(({ kind }) => kind === "evaluate");
    expect(scored.length).toBeGreaterThan(0);
    for (const { task } of scored) expect(task).toMatchObject({ readings: [{ name: "worst-class" }] });
  });

  test("a run that diverged has its result, and blocks its scores", async () => {
    const store = newStore();
    const all = await cells({ methods: ["dm"] });
    const [job] = (await planned(all, store)).ready;
    await store.settle(
      resultOf(job!, { status: "diverged", reason: "the run diverged at step 412", outputs: {}, values: {} }),
    );
    const { cells: now } = await planned(all, store);
    expect(now[0]).toMatchObject({ state: "diverged", reason: "the run diverged at step 412" });
    expect(now[1]).toMatchObject({ state: "blocked", reason: "its set: the run diverged at step 412", on: job!.key });
  });

  test("a job that failed for good blocks its scores until it is forgotten", async () => {
    const store = newStore();
    const all = await cells({ methods: ["dm"] });
    const [job] = (await planned(all, store)).ready;
    await store.addAttempt(job!.key, attempt("wrong-input"));
    const { cells: now, ready } = await planned(all, store);
    expect(now[0]).toMatchObject({ state: "failed", reason: "why" });
    expect(now[1]).toMatchObject({ state: "blocked", on: job!.key });
    expect(ready.some(({ key }) => key === job!.key)).toBe(false);
    await store.forget(job!.key);
    expect((await planned(all, store)).ready[0]!.key).toBe(job!.key);
  });
});

const attempt = (outcome: Attempt["outcome"], at = "2020-01-01T00:00:00Z"): Attempt => ({
  outcome,
  host: "h",
  at,
  message: "why",
});

describe("attempts", () => {
  const times = (count: number, outcome: Attempt["outcome"]) => Array.from({ length: count }, () => attempt(outcome));
  test.each([
    ["no attempt", [], "run"],
    ["wrong input", times(1, "wrong-input"), "not"],
    ["two errors, long ago", times(2, "failed"), "run"],
    ["three faults", [...times(2, "failed"), ...times(1, "crashed")], "not"],
    ["many lost hosts", times(49, "lost"), "run"],
    ["too many", times(50, "lost"), "not"],
  ] as const)("%s", (_, attempts, may) => {
    expect(verdictOn(attempts, Date.now()).may).toBe(may);
  });

  test("an error waits a second, the next one two", () => {
    const now = Date.parse("2020-01-01T00:00:00Z");
    expect(verdictOn(times(1, "failed"), now)).toEqual({ may: "wait", until: now + 1000 });
    expect(verdictOn(times(2, "failed"), now)).toEqual({ may: "wait", until: now + 2000 });
  });
});

describe("parts of a study", () => {
  test("a tier, an exclusion with its reason, a pattern", async () => {
    const resolved = await resolveStudy(
      parseStudy(
        {
          ...study,
          tiers: { smoke: { methods: ["dm"], ipc: [1], seeds: [0] } },
          exclude: [{ methods: ["dc"], networks: ["mlp"], reason: "too slow" }],
        },
        "s.json",
      ),
      join(root, "s.json"),
    );
    const smoke = cellsOf(resolved, { tier: resolved.study.tiers.smoke });
    expect(names(smoke.sets)).toEqual(["dm/digits/ipc1/seed0"]);
    const all = cellsOf(resolved);
    const dc = all.sets.find(({ name }) => name === "dc/digits/ipc1/seed0")!;
    expect(dc.scores.map(({ refused }) => refused?.message)).toEqual([undefined, "too slow"]);
    const one = narrowed(all, { only: "dm/*/ipc1/seed0/mlp" });
    expect(one.sets.map(({ name, scores }) => [name, names(scores)])).toEqual([
      ["dm/digits/ipc1/seed0", ["dm/digits/ipc1/seed0/mlp/field"]],
    ]);
  });

  test("shards share every cell out once", async () => {
    const all = await cells();
    const shards = [1, 2, 3].map((number) => narrowed(all, { shard: { number, of: 3 } }));
    expect(shards.flatMap(({ sets }) => names(sets)).sort()).toEqual(names(all.sets).sort());
  });

  test.each([
    [{ methods: ["dmm"] }, /methods\[0\]: unknown method "dmm"/],
    [{ methods: ["dm", "dm"] }, /methods has "dm" twice/],
    [{ methods: [{ name: "dm", set: { stepz: 3 } }] }, /methods\[0\]\.set: unknown setting "stepz"/],
    [{ methods: [{ as: "x" }] }, /methods\[0\] must have one of name, file, record and import, and has none/],
    [{ datasets: ["digitz"] }, /datasets: .*digitz/],
    [{ networks: ["convnett"] }, /networks\[0\]: .*"convnett"/],
    [{ objectives: ["acuracy"] }, /objectives\[0\]: there is no objective "acuracy"/],
    [{ tiers: { t: { methods: ["dsa"] } } }, /tiers\.t\.methods names "dsa", which the study has not/],
  ])("%j is refused", async (change, message) => {
    await expect(cells(change)).rejects.toMatchObject({
      name: "AttarError",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});

describe("protocols", () => {
  const protocols = [
    { name: "field", steps: 12, repeats: 2, for: { ipc: [1] } },
    { name: "field", steps: 12, repeats: 2, for: { ipc: [10], methods: ["idc"] } },
    { name: "field", epochs: 7, repeats: 3, redraw: true, networks: ["mlp"], for: { ipc: [10], methods: ["random"] } },
    { name: "beside", epochs: 2, baselines: ["kmeans"], for: { methods: ["idc"], ipc: [10] } },
  ];
  const own = (change: object = {}) =>
    cells({ methods: ["random", "idc"], ipc: [1, 10], seeds: [0], networks: ["convnet"], protocols, ...change });

  test("are for the sets that they name, on networks of their own, by steps, with draws and subsets beside", async () => {
    const all = await own();
    const scores = all.sets.flatMap((set) => set.scores.map((score) => ({ set, score })));
    expect(scores.map(({ score }) => score.name)).toEqual([
      "random/digits/ipc1/seed0/convnet/field",
      "random/digits/ipc10/seed0/mlp/field",
      "idc/digits/ipc1/seed0/convnet/field",
      "idc/digits/ipc10/seed0/convnet/field",
      "idc/digits/ipc10/seed0/convnet/beside",
    ]);
    const job = (i: number, samples: number) => {
      const { set, score } = scores[i]!;
      const facts = { samples, augmentation: "" };
      const made = { file: "f", content: "c", facts };
      return evaluateJob(score.name, set.dataset.source, set.dataset.info!, made, networkOf(score), score.protocol, []);
    };
    const networkOf = ({ network, spec }: (typeof scores)[number]["score"]) => ({ text: network, spec });
    // Twelve steps: of ten images an epoch is one, of a thousand four.
    expect((await job(0, 10)).task.epochs).toBe(12);
    expect((await job(3, 1000)).task.epochs).toBe(3);
    expect((await job(0, 10)).key).not.toBe((await job(0, 1000)).key);
    expect((await job(1, 100)).task).toMatchObject({ network: "mlp", epochs: 7, repeats: 3, redrawn: "random" });
    expect((await job(4, 100)).task).toMatchObject({ baselines: ["kmeans"] });
    expect((await job(2, 10)).task).not.toHaveProperty("redrawn");
  });

  test.each([
    [{ epochs: 1, steps: 1 }, /protocols\[0\] has epochs and steps/],
    [{ baselines: ["dm"] }, /protocols\[0\].baselines names "dm", which is no rule of coresets/],
    [{ for: { methods: ["dc"] } }, /protocols\[0\].for.methods names "dc", which the study has not/],
    [{ networks: [""] }, /protocols\[0\].networks\[0\] must not be empty/],
    [{ for: { ipc: [1] } }, /protocols has "field" twice for random\/digits\/ipc1/],
  ])("%j is refused", async (change, message) => {
    const two = own({ protocols: [change, { for: { ipc: [1] } }] });
    await expect(two).rejects.toMatchObject({
      code: "bad-study",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  test("a claim is that of its dataset and size", async () => {
    const claimed = [
      { accuracy: 0.5, source: "a", ipc: 1 },
      { accuracy: 0.6, source: "b", dataset: "digits", ipc: 10 },
    ];
    const { sets } = await cells({ methods: [{ name: "dm", claimed }], ipc: [1, 10, 50], seeds: [0] });
    expect(sets.map((set) => claimFor(set)?.source)).toEqual(["a", "b", undefined]);
  });
});

test("a protocol may train networks on perturbed images: scores of its own, by the command that says so", async () => {
  const hardened = { name: "hardened", epochs: 5, repeats: 2, adversarial: "linf,2/16,steps=2" };
  const of = await cells({
    methods: ["dm"],
    ipc: [1],
    seeds: [0],
    networks: ["mlp"],
    protocols: [study.protocols[0], hardened],
  });
  const store = newStore();
  await finish(of, store);
  const [plain, robust] = (await planned(of, store)).cells.filter(({ kind }) => kind === "evaluate");
  const recipeOf = ({ job }: Plan["cells"][number]) =>
    (job!.configuration as { protocol: { recipe: { adversary?: object } } }).protocol.recipe;
  const adversary = { norm: "linf", radius: 0.125, steps: 2, step: 0.5 };
  expect(recipeOf(robust!)).toEqual({ ...recipeOf(plain!), adversary });
  expect(robust!.job!.key).not.toBe(plain!.job!.key);
  const [task] = [robust!.job!.task as EvaluateTask];
  expect(evaluateCommand(task, "run")).toContain("--adversarial linf,2/16,steps=2");
});
