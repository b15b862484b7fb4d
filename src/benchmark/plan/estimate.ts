import { arrayShape } from "../../data/domain.ts";
import { size } from "../../engine/index.ts";
import type { ScoreCell, SetCell } from "./cells.node.ts";
import type { Pace, Timed } from "./pace.ts";
import type { Plan, PlannedCell } from "./plan.node.ts";

/** What a study still takes, of one slot. */
export interface Left {
  readonly jobs: number;
  readonly seconds: number;
  /** True where some of it is a guess: no job of a kind was timed. */
  readonly guessed: boolean;
}

/**
 * The time that the rest of a study takes: jobs that can run, and scores of sets that are not there yet. A set that was given a budget
 * of seconds takes these together with its scores.
 */
export function estimateOf({ ready, cells }: Plan, pace: Pace): Left {
  let [jobs, seconds, guessed] = [0, 0, false];
  const add = (job: Timed, most = Number.POSITIVE_INFINITY) => {
    jobs++;
    seconds += Math.min(pace.secondsOf(job), most);
    guessed ||= !pace.knows(job);
  };
  const within = (budget: number) => {
    jobs++;
    seconds += budget;
  };
  const budgets = new Map(cells.flatMap((cell) => (cell.job ? [[cell.job.key, budgetOf(cell)]] : [])));
  for (const job of ready) {
    const budget = budgets.get(job.key);
    if (budget !== undefined && job.kind === "condense") within(budget);
    else add(job, budget);
  }
  for (const cell of cells) {
    const { state, job, set, score } = cell;
    if (state !== "later" && state !== "waiting") continue;
    const budget = budgetOf(cell);
    if (budget !== undefined && !score) within(budget);
    else if (budget !== undefined && state === "waiting") within(0);
    // A set that waits for its experts, or what failed and may be tried again.
    else if (job) add(job, budget);
    else if (set?.job && score) add(workOf(cell.name, set, score));
  }
  return { jobs, seconds, guessed };
}

/** The seconds that a set and its scores may take together; none for what is asked of a set beside. */
const budgetOf = ({ kind, set }: PlannedCell): number | undefined =>
  kind === "condense" || kind === "evaluate" ? set?.budget : undefined;

/** What a score takes whose set is not there yet. */
function workOf(name: string, { dataset, ipc }: SetCell, { protocol }: ScoreCell): Timed {
  const { epochs = 1000, repeats } = protocol;
  const { classes = [], domain } = dataset.info ?? {};
  const numbers = domain ? size(arrayShape(domain)) : 1;
  return { kind: "evaluate", name, work: epochs * repeats * ipc * classes.length * numbers };
}
