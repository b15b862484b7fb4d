import { AttarError } from "../../engine/index.ts";
import { costOf, type Measurements, probesOf, type Scoring } from "../budget/measure.node.ts";
import type { PlannedCell } from "../plan/plan.node.ts";
import type { Measured } from "../rows/measurementRows.ts";
import type { Exploration } from "../study/schema.ts";
import type { Candidate } from "./candidates.node.ts";
import type { Refused } from "./draw.ts";
import { type CandidateCost, halving } from "./halving.ts";

/** What an exploration of one place has to fit into its time. */
export interface Contest {
  readonly exploration: Exploration;
  readonly candidates: readonly Candidate[];
  /** Held-out scores of a rung, and those of the final sets. */
  readonly scorings: readonly Scoring[];
  readonly finalScorings: readonly Scoring[];
  /** Seeds of the final sets. */
  readonly seeds: number;
  /** The study's file, the dataset and its images a class, as errors name them. */
  readonly file: string;
  readonly dataset: string;
  readonly ipc: number;
}

/** What was measured of the candidates, in their order, and where the timings stand. */
export interface Timed {
  readonly measurements: readonly Measurements[];
  readonly timing: readonly PlannedCell[];
  readonly results: ReadonlyMap<string, Measured>;
}

/** The candidates that start, how many stay in each rung, and the steps of each in the first one. */
export interface Schedule {
  readonly alive: readonly Candidate[];
  readonly leftOut: readonly Refused[];
  readonly sizes: readonly number[];
  readonly steps: ReadonlyMap<Candidate, number>;
}

/**
 * Turns seconds into steps, by what was measured; what measuring took is a part of them.
 *
 * @throws AttarError "bad-study" where the time does not do for a rung, with the least that does
 */
export function scheduleOf(contest: Contest, { measurements, timing, results }: Timed, seconds: number): Schedule {
  const failed = new Map(timing.flatMap(({ state, job, reason }) => (state === "done" ? [] : [[job?.key, reason]])));
  const timed: { candidate: Candidate; cost: CandidateCost }[] = [];
  const leftOut: Refused[] = [];
  for (const [i, candidate] of contest.candidates.entries()) {
    const cost = candidateCost(contest, measurements[i]!, results, failed);
    if (typeof cost === "string") leftOut.push({ label: candidate.label, reason: cost });
    else timed.push({ candidate, cost });
  }
  const spent = [...results.values()].reduce((sum, { made }) => sum + made.seconds, 0);
  const { eta, leastSteps } = contest.exploration;
  const plan = halving({
    seconds: seconds - spent,
    eta,
    leastSteps,
    costs: timed.map(({ cost }) => cost),
    finals: 2 * contest.seeds,
  });
  if ("least" in plan) throw tooShort(contest, plan.least + spent, seconds, timed.length);
  const steps = new Map<Candidate, number>();
  for (const [i, { candidate, cost }] of timed.entries()) {
    const own = plan.steps[i];
    if (own !== undefined) steps.set(candidate, own);
    else {
      const reason = `a step takes ${cost.perStep.toPrecision(2)} s: with it on board less than ${leastSteps} steps would fit`;
      leftOut.push({ label: candidate.label, reason });
    }
  }
  return { alive: [...steps.keys()], leftOut, sizes: plan.sizes, steps };
}

function candidateCost(
  contest: Contest,
  measurements: Measurements,
  results: ReadonlyMap<string, Measured>,
  failed: ReadonlyMap<string | undefined, string | undefined>,
): CandidateCost | string {
  for (const { job } of probesOf(measurements))
    if (failed.has(job.key)) return `it could not be timed: ${failed.get(job.key)}`;
  const cost = costOf(measurements, results);
  if (cost === undefined || typeof cost === "string") return cost ?? "it was not timed";
  const { perStep, start, scoring } = cost;
  return { perStep, start, scoring, finalScoring: finalScoring(contest, measurements, results) };
}

/** The seconds of a final score, by the timing of held-out ones. */
function finalScoring(
  { scorings, finalScorings }: Contest,
  { step, scores }: Measurements,
  results: ReadonlyMap<string, Measured>,
): number {
  const finals = finalScorings.flatMap(({ network, protocol }) => {
    const own = scores[scorings.findIndex((one) => one.network === network)]!;
    return { ...own, networks: protocol.repeats, epochs: protocol.epochs ?? own.epochs };
  });
  const cost = costOf({ ...(step && { step }), scores: finals }, results);
  return typeof cost === "object" ? cost.scoring : 0;
}

function tooShort(contest: Contest, least: number, seconds: number, candidates: number): AttarError {
  const { budget, leastSteps } = contest.exploration;
  const all = Number.isFinite(least) ? Math.ceil((least * budget) / seconds / 60) : undefined;
  return new AttarError(
    "bad-study",
    `${contest.file}: explore.budget of ${Math.round(budget)} s is too short for half of ${candidates} candidates to take ${leastSteps} steps on ${contest.dataset} at ${contest.ipc} images a class`,
    all === undefined
      ? "none of them could be timed: attar benchmark plan says why"
      : `the least that works is "budget": "${all}m"; fewer "candidates" or "leastSteps" need less`,
  );
}
