import { knownIn } from "../../benchmark/plan/known.node.ts";
import type { Pace, Timed } from "../../benchmark/plan/pace.ts";
import { type Plan, Planner } from "../../benchmark/plan/plan.node.ts";
import { paceOf } from "../../benchmark/plan/timed.node.ts";
import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import { counted, duration } from "../numbers.ts";
import { log, print, printJson, table } from "../output.ts";
import { countsBySubject, countsOf, shownStates } from "./counts.ts";
import { type Opened, openStudy, type StudyFlags } from "./studyFlags.ts";

/** `attar benchmark plan`: what a study has, lacks and cannot have, and how long the rest takes. */
export async function planCommand(file: string, flags: StudyFlags): Promise<void> {
  const { cells, store } = await openStudy(file, flags);
  const plan = await planOf({ cells, store });
  const pace = await paceOf(plan, store);
  const left = estimateOf(plan, pace);
  if (flags.json)
    return printJson({
      store: store.where,
      counts: countsOf(plan.cells),
      jobs: plan.ready.length,
      estimate: left,
      cells: plan.cells.map(({ name, kind, state, job, reason, on }) => ({
        name,
        kind,
        state,
        key: job?.key,
        reason,
        on,
      })),
    });
  print(countsTable(plan));
  for (const line of reasonsOf(plan)) log(line, flags);
  log(leftText(plan, left), flags);
}

/** The plan of a study against its store. */
export const planOf = async ({ cells, store }: Opened): Promise<Plan> =>
  new Planner(cells).plan(await knownIn(store, cells));

/** What a study still takes, of one slot. */
export interface Left {
  readonly jobs: number;
  readonly seconds: number;
  /** True where some of it is a guess: no job of a kind was timed. */
  readonly guessed: boolean;
}

/** The time that the rest of a study takes: jobs that can run, and scores of sets that are not there yet. */
export function estimateOf({ ready, cells }: Plan, pace: Pace): Left {
  let [jobs, seconds, guessed] = [0, 0, false];
  const add = (job: Timed) => {
    jobs++;
    seconds += pace.secondsOf(job);
    guessed ||= !pace.knows(job);
  };
  ready.forEach(add);
  for (const { state, job } of cells) if (state === "later" && job) add(job);
  for (const { state, name, set, score, job } of cells) {
    // A set that waits for its experts.
    if (state === "waiting" && job && !score) add(job);
    if (state !== "waiting" || !set?.job || !score) continue;
    const { epochs = 1000, repeats } = score.protocol;
    const { classes = [], domain } = set.dataset.info ?? {};
    const numbers = domain ? size(arrayShape(domain)) : 1;
    add({ kind: "evaluate", name, work: epochs * repeats * set.ipc * classes.length * numbers });
  }
  return { jobs, seconds, guessed };
}

/** What is left, in a sentence. */
export function leftText(plan: Plan, { jobs, seconds, guessed }: Left): string {
  const { failed, blocked } = countsOf(plan.cells);
  const lost = failed + blocked > 0 ? `; ${counted(failed, "cell")} failed, ${blocked} blocked by them` : "";
  if (jobs === 0) return `nothing left to compute${lost}`;
  const how = guessed ? "a guess, until jobs have been timed here" : "from those timed here";
  return `${counted(jobs, "job")} left, about ${duration(seconds)} one after the other (${how})${lost}`;
}

/** Cells by method and dataset, a column a state that there is. */
export function countsTable(plan: Plan): string {
  const rows = countsBySubject(plan);
  const states = shownStates.filter((state) => rows.some(({ counts }) => counts[state] > 0));
  return table([
    ["method", "dataset", ...states],
    ...rows.map(({ subject, dataset, counts }) => [
      subject,
      dataset,
      ...states.map((state) => String(counts[state] || "-")),
    ]),
  ]);
}

/** Why cells have no result and get none, a line a reason. */
export function reasonsOf({ cells }: Plan): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, kind, state, reason } of cells)
    if (reason !== undefined && kind !== "evaluate" && ["failed", "refused", "diverged"].includes(state)) {
      const line = `${state}: ${reason}`;
      byReason.set(line, [...(byReason.get(line) ?? []), name]);
    }
  return [...byReason].map(([reason, names]) => {
    const more = names.length > 1 ? ` and ${names.length - 1} more` : "";
    return `${names[0]}${more} ${reason}`;
  });
}
