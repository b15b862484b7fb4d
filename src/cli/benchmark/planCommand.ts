import { estimateOf, type Left } from "../../benchmark/plan/estimate.ts";
import { knownIn } from "../../benchmark/plan/known.node.ts";
import { type Plan, Planner } from "../../benchmark/plan/plan.node.ts";
import { paceOf } from "../../benchmark/plan/timed.node.ts";
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
