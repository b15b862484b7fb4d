import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { methodFrom, resolveConfiguration } from "../../condense/index.ts";
import type { AnyJob } from "../jobs/job.ts";
import { knownIn } from "../plan/known.node.ts";
import { Planner } from "../plan/plan.node.ts";
import { unfolded } from "../plan/unfold.node.ts";
import { folderBackend } from "../store/folderBackend.node.ts";
import type { Result } from "../store/result.ts";
import { Store } from "../store/store.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { resolveStudy } from "../study/resolveStudy.node.ts";
import { standingRecord } from "./bestRecord.ts";
import { finalDifference, heldOutDifference } from "./difference.ts";
import { effectsOf } from "./effects.ts";
import { told } from "./told.ts";

const root = mkdtempSync(join(tmpdir(), "attar-explored-"));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;
const newStore = () => new Store(folderBackend(join(root, String(stores++))));

const resolved = (explore: object = {}) =>
  resolveStudy(
    parseStudy(
      {
        name: "s",
        methods: ["dm", "random"],
        datasets: ["digits"],
        ipc: [1],
        seeds: [0, 1],
        networks: ["mlp"],
        protocols: [{ epochs: 10, repeats: 2 }],
        explore: { budget: "10m", candidates: 7, leastSteps: 5, discrepancies: ["mean-difference", "mmd"], ...explore },
      },
      "s.json",
    ),
    join(root, "s.json"),
  );

type Answers = (job: AnyJob) => Partial<Result>;

/** A result as a worker would hand it in: a second a step, and scores that hang on the candidate's name and its steps. */
const usual: Answers = ({ kind, key, name }) => {
  if (kind === "time") return { values: { secondsPerStep: 1, startSeconds: 0, steps: 5 } };
  if (kind === "score-time") return { values: { perEpoch: 0.01, beside: 0 } };
  if (kind === "condense")
    return {
      outputs: { set: key },
      values: { content: key, facts: { samples: 10, augmentation: "" }, bytes: { images: 1, labels: 1 }, steps: 1 },
    };
  const worth = [...name.split("/")[0]!].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) / 1e4;
  return { values: { scores: { accuracy: [worth, worth + 0.01] }, network: "mlp", protocol: {} } };
};

/** Does what can run, the jobs in the order that they are given by `turned`, until nothing is left. @returns their names */
async function finish(
  study: Awaited<ReturnType<typeof resolved>>,
  store: Store,
  answers: Answers = usual,
  turned: (jobs: AnyJob[]) => AnyJob[] = (jobs) => jobs,
): Promise<string[]> {
  const done: string[] = [];
  for (;;) {
    const { cells } = await unfolded(study, store);
    const { ready } = await new Planner(cells).plan(await knownIn(store, cells));
    if (ready.length === 0) return done;
    // One at a time: whoever is killed after any of them goes on from what the store has.
    const job = turned([...ready])[0]!;
    const { kind, version, key, name, configuration, inputs } = job;
    await store.settle({
      format: 1,
      ...{ kind, version, key, name, configuration, inputs },
      status: "ok",
      outputs: {},
      values: {},
      made: {
        versions: { attar: "0", node: "0", onnxruntime: "0" },
        ...{ device: "d", executor: "e", cores: 1, host: "h", load: 0, started: "now", seconds: 1 },
      },
      ...answers(job),
    });
    done.push(name);
  }
}

const placeIn = async (study: Awaited<ReturnType<typeof resolved>>, store: Store) =>
  (await unfolded(study, store)).places![0]!;

test("timings, rungs and the final scores follow from the store, in whatever order results come in", async () => {
  const study = await resolved();
  const [a, b] = [newStore(), newStore()];
  const names = await finish(study, a);
  await finish(study, b, usual, (jobs) => jobs.reverse());
  const place = await placeIn(study, a);
  expect(await placeIn(study, b)).toEqual(place);
  expect(place.ended).toBe(true);
  expect(place.candidates.length).toBe(9);
  expect(place.sizes).toEqual([9, 3]);
  const [first, last] = place.rungs;
  const kept = first!.trials.toSorted((x, y) => y.score! - x.score!).slice(0, 3);
  expect(last!.trials.map(({ candidate }) => candidate.label)).toEqual(kept.map(({ candidate }) => candidate.label));
  for (const { candidate, steps } of last!.trials)
    expect(steps).toBe(3 * first!.trials.find((trial) => trial.candidate.label === candidate.label)!.steps);
  // Of 600 s, nine timings of steps and those of scores took a second each.
  const timings = names.filter((name) => name.endsWith("/time") || name.startsWith("scoring/"));
  const scoring = 2 * 10 * 0.01;
  const beside = 12 * scoring + 4 * scoring;
  const share = (600 - timings.length - beside) / (9 + 3 * 3 + 4 * 3);
  for (const { candidate, steps } of first!.trials)
    expect(steps).toBe(candidate.label === "random" ? 0 : Math.floor(share));
  expect(await finish(study, a)).toEqual([]);
});

test("held-out rows choose, the test split is for the end: seeds of the best combination and the best method alone", async () => {
  const study = await resolved();
  const store = newStore();
  const names = await finish(study, store);
  const place = await placeIn(study, store);
  const { cells } = await unfolded(study, store);
  const onTest = cells.sets.filter(({ dataset }) => dataset.source.heldOut === undefined);
  expect([...new Set(onTest.map(({ subject }) => subject.label))]).toEqual(
    [place.found, place.published].map((trial) => trial!.candidate.label),
  );
  expect(onTest.map(({ seed }) => seed)).toEqual([0, 1, 0, 1]);
  const first = names.findIndex((name) => /seed\d/.test(name));
  expect(names.slice(first).every((name) => /seed\d/.test(name))).toBe(true);
  expect(place.finals.map(({ sets }) => sets.length)).toEqual([2, 2]);
  expect(finalDifference(place)!.value).toBeCloseTo(place.found!.score! - place.published!.score!, 9);
});

test("who diverges or cannot be timed is out, and nothing is averaged over what is missing", async () => {
  const study = await resolved();
  const store = newStore();
  const labels = (await placeIn(study, store)).candidates.map(({ label }) => label);
  const [odd, other] = labels.slice(2) as [string, string];
  await finish(study, store, (job) => {
    const label = job.name.split("/")[0];
    if (job.kind === "time" && label === odd) return { status: "diverged", reason: "it blew up while timed" };
    if (job.kind === "condense" && label === other) return { status: "diverged", reason: "it blew up" };
    return usual(job);
  });
  const place = await placeIn(study, store);
  expect(place.leftOut).toContainEqual({ label: odd, reason: "it blew up while timed" });
  const trial = place.rungs[0]!.trials.find(({ candidate }) => candidate.label === other)!;
  expect(trial).toMatchObject({ reason: "it blew up", diverged: true });
  expect(place.rungs[1]!.trials.map(({ candidate }) => candidate.label)).not.toContain(other);
  const { discrepancy } = trial.candidate.combination!;
  const effect = effectsOf(place).find(({ axis, choice }) => axis === "discrepancy" && choice === discrepancy.label)!;
  expect([effect.mean, effect.diverged, effect.missing]).toEqual([undefined, 1, 0]);
  const whole = effectsOf(place).find(({ axis, choice }) => axis === "discrepancy" && choice !== discrepancy.label)!;
  expect(whole.mean).toBeGreaterThan(0);
  const text = told(place).sentences.join(" ");
  expect(text).toContain(place.best!.candidate.label);
  expect(heldOutDifference(place) === undefined).toBe(
    !place.rungs.at(-1)!.trials.some(({ candidate }) => candidate.label === place.published!.candidate.label),
  );
});

test("a budget that does not do for a rung is refused with the least that works, which works", async () => {
  const short = await resolved({ budget: "20s" });
  const store = newStore();
  let refused: unknown;
  await finish(short, store).catch((error) => {
    refused = error;
  });
  expect(refused).toMatchObject({ code: "bad-study", exitCode: 2 });
  const { message, hint } = refused as { message: string; hint: string };
  expect(message).toBe(
    "s.json: explore.budget of 20 s is too short for half of 9 candidates to take 5 steps on digits at 1 images a class".replace(
      "s.json",
      join(root, "s.json"),
    ),
  );
  const [, least] = /"budget": "(\d+m)"/.exec(hint)!;
  await finish(await resolved({ budget: least }), store);
  expect((await placeIn(await resolved({ budget: least }), store)).ended).toBe(true);
});

test("the best record stands by itself: read from its file it is the run of the last rung", async () => {
  const study = await resolved();
  const store = newStore();
  await finish(study, store);
  const { found } = await placeIn(study, store);
  const { info } = study.datasets[0]!;
  const record = methodFrom(
    JSON.parse(JSON.stringify(standingRecord(found!.candidate, found!.steps, info!, 1, "s.json"))),
  );
  const { record: _, method: __, ...own } = resolveConfiguration(info!, record, { ipc: 1, seed: 0, record });
  const { made } = found!.candidate.subject;
  const asked = { ...made.given, steps: found!.steps, ipc: 1, seed: 0 };
  const { record: _r, method: _m, ...theirs } = resolveConfiguration(info!, made.method, asked);
  expect(own).toEqual(theirs);
});
