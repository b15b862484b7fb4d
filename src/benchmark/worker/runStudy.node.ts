import { makeFolder } from "../../data/index.ts";
import type { AnyJob } from "../jobs/job.ts";
import type { Cells } from "../plan/cells.node.ts";
import { knownIn } from "../plan/known.node.ts";
import { type Known, type Plan, Planner } from "../plan/plan.node.ts";
import type { Queue } from "../queue/queue.ts";
import type { Store } from "../store/store.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.node.ts";

export interface StudyOptions extends Omit<SupervisorOptions, "refill"> {
  /** Gives the cells anew: for studies whose cells follow from results. */
  readonly more?: () => Promise<Cells>;
  /** Called with every plan: after the start, and when what can run has changed. */
  readonly onPlan?: (plan: Plan) => void;
}

/** Milliseconds after which a store is looked through again, in which others may have written. */
const refreshed = 30_000;
/** Milliseconds between two looks while there is nothing to do: others may be at work. */
const patience = 2000;

/**
 * Computes what a study lacks: plans, puts in what can run, has it computed, and plans again as results come in.
 *
 * @param more the cells anew, where results bring further ones
 * @returns the plan at the end
 */
export async function runStudy(
  first: Cells,
  store: Store,
  queue: Queue,
  { more, ...options }: StudyOptions,
): Promise<Plan> {
  let cells = first;
  let planner = new Planner(cells);
  await makeFolder(options.work);
  let known = await knownIn(store, cells);
  let read = Date.now();
  const lookAgain = async () => {
    if (more) {
      cells = await more();
      planner = new Planner(cells);
    }
    known = await knownIn(store, cells);
    read = Date.now();
  };
  let plan = await planner.plan(known);
  const supervisor = new Supervisor(queue, store, {
    ...options,
    refill: async (ended) => {
      const late = Date.now() - read > (ended.length > 0 ? refreshed : patience);
      if (late || (more && ended.length > 0)) await lookAgain();
      else if (ended.length > 0) known = await withResults(known, ended, store);
      known = { ...known, now: Date.now() };
      plan = await planner.plan(known);
      options.onPlan?.(plan);
      await queue.enqueue(plan.ready);
      return plan.next;
    },
  });
  await supervisor.run();
  await lookAgain();
  return planner.plan(await knownIn(store, cells));
}

/** What is known once jobs have ended: their results, or attempts more. */
async function withResults(known: Known, ended: readonly AnyJob[], store: Store): Promise<Known> {
  const [attempts, stopped] = await Promise.all([store.attempts(), store.stopped()]);
  const done: Record<string, ReadonlySet<string>> = { ...known.done };
  const sets = new Map(known.sets);
  for (const { kind, key } of ended) {
    const result = await store.result(kind, key);
    if (!result) continue;
    done[kind] = new Set([...known.done[kind], ...(done[kind] ?? []), key]);
    if (kind === "condense" || kind === "import" || kind === "experts") sets.set(key, result);
  }
  return { ...known, done: done as Known["done"], sets, attempts, stopped };
}
