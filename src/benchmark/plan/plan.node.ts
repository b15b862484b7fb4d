import type { SetFacts } from "../../evaluate/protocol.ts";
import { evaluateJob, type ScoredSet } from "../jobs/evaluate.node.ts";
import type { AnyJob, Job, JobKind } from "../jobs/job.ts";
import type { Row } from "../rows/row.ts";
import type { Taken } from "../rows/taken.node.ts";
import type { Attempt, Result } from "../store/result.ts";
import {
  type Cells,
  type ProbeCell,
  type ReferenceCell,
  readingsOfStudy,
  type ScoreCell,
  type SetCell,
} from "./cells.node.ts";
import { Finished } from "./finished.node.ts";
import { verdictOn } from "./verdict.ts";

/** What a planner is told of a store. */
export interface Known {
  /** Keys of finished jobs, by kind. */
  readonly done: Readonly<Record<JobKind, ReadonlySet<string>>>;
  /** The results of condensations and imports, on which scores depend, and of artefacts, on which condensations do. */
  readonly sets: ReadonlyMap<string, Result>;
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
  readonly stopped: ReadonlySet<string>;
  /** Rows of finished cells from elsewhere. */
  readonly taken: Taken;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The state of a cell: it has its result; its run diverged, which is one; its job can run now, later, or waits for another's; it
 * never will, since what it needs failed, it failed itself, a person stopped it, or it cannot be.
 */
export type CellState =
  | "done"
  | "diverged"
  | "ready"
  | "later"
  | "waiting"
  | "blocked"
  | "failed"
  | "stopped"
  | "refused";

/** A cell with where it stands. */
export interface PlannedCell {
  readonly name: string;
  readonly kind: JobKind;
  readonly set?: SetCell;
  readonly score?: ScoreCell;
  readonly reference?: ReferenceCell;
  readonly probe?: ProbeCell;
  readonly state: CellState;
  /** None where it cannot be, or its input is not there yet. */
  readonly job?: AnyJob;
  readonly reason?: string;
  /** The key of the job that it waits for or is blocked by. */
  readonly on?: string;
  /** Its rows, where they were taken from elsewhere and nothing is computed. */
  readonly taken?: readonly Row[];
}

/** A study held against a store. */
export interface Plan {
  readonly cells: readonly PlannedCell[];
  /** The jobs that can run now, each once, in the order in which they should. */
  readonly ready: readonly AnyJob[];
  /** The earliest time at which one that may not run yet may, in milliseconds since 1970. */
  readonly next?: number;
}

/**
 * Holds a study against what a store has: a function of the two and nothing else, as make's of its rules and files. Run at the
 * start, after each result, and by whoever asks; what is there is not done again, and what was added since is all that is.
 */
export class Planner {
  /** Jobs of scores by set and cell: their keys are hashed once. */
  private readonly scored = new Map<string, AnyJob>();
  private readonly order: Map<string, number>;

  constructor(private readonly cells: Cells) {
    this.order = new Map(cells.sets.map(({ name }, i) => [name, i]));
  }

  async plan(known: Known): Promise<Plan> {
    const cells: PlannedCell[] = [];
    const ready = new Map<string, { job: AnyJob; rank: readonly number[] }>();
    let next = Number.POSITIVE_INFINITY;
    const add = (cell: PlannedCell, rank: readonly number[], until?: number) => {
      cells.push(cell);
      if (until !== undefined) next = Math.min(next, until);
      if (cell.state === "ready" && !ready.has(cell.job!.key)) ready.set(cell.job!.key, { job: cell.job!, rank });
    };
    const finished = known.taken.rows.length > 0 ? new Finished(this.cells.study, known.taken) : undefined;
    const measuring = new Map<string, PlannedCell>();
    for (const probe of this.cells.probes) {
      const own = standing(probe, probe.job.kind, known);
      const cell = takenFor({ ...own.cell, probe }, () => finished?.measured(probe));
      add(cell, [0, 0, 1, probe.job.work], own.until);
      measuring.set(probe.job.key, cell);
    }
    for (const reference of this.cells.references) {
      const own = standing(reference, "reference", known);
      const cell = takenFor({ ...own.cell, reference }, () => finished?.reference(reference));
      add(cell, [0, 0, 0, reference.job?.work ?? 0], own.until);
    }
    const artefacts = new Map<string, { job: Job<"experts">; rank: readonly number[]; unlocks: Job<"condense">[] }>();
    for (const set of this.cells.sets) {
      const kind = set.job?.kind ?? (set.subject.made.by === "import" ? "import" : "condense");
      const rank = [set.baseline ? 0 : 1, set.turn];
      const alone =
        set.job || set.refused
          ? standing(set, kind, known)
          : { cell: unmeasured(set, kind, measuring), until: undefined };
      const own = alone.cell.state === "ready" ? { ...alone, cell: needing(alone.cell, set, known) } : alone;
      const there = finished && isOpen(own.cell.state) ? await takenScores(set, finished) : undefined;
      // Made only while something waits for it: a set that is there needs its experts no more.
      if (!there && (own.cell.state === "waiting" || own.cell.state === "blocked"))
        for (const job of set.artefacts ?? []) {
          const before = artefacts.get(job.key);
          const unlocks = [...(before?.unlocks ?? []), set.job as Job<"condense">];
          artefacts.set(job.key, { job, rank: before?.rank ?? [...rank, 0.5, job.work], unlocks });
        }
      const result = set.job && known.sets.get(set.job.key);
      const cell: PlannedCell = there
        ? { ...own.cell, set, ...takenSet(there, finished!.set(set)!) }
        : { ...own.cell, set };
      add(cell, [...rank, 1, set.job?.work ?? 0], own.until);
      if (set.timed) {
        const timed = standing({ name: set.timed.name, job: set.timed }, "time", known);
        const own = takenFor({ ...timed.cell, set }, () => finished?.timed(set));
        add(own, [2, set.turn, 1, set.timed.work], timed.until);
      }
      if (set.audited) {
        const audited = standing({ name: set.audited.name, job: set.audited }, "audit", known);
        add({ ...audited.cell, set }, [3, set.turn, 1, set.audited.work], audited.until);
      }
      for (const [i, score] of set.scores.entries()) {
        const rows = there?.get(score);
        if (rows) {
          add({ name: score.name, kind: "evaluate", set, score, ...takenSet(new Map([[score, rows]]), rows) }, []);
        } else if (score.refused || cell.state === "refused") {
          const reason = cell.state === "refused" ? cell.reason : score.refused!.message;
          add({ name: score.name, kind: "evaluate", set, score, state: "refused", reason }, []);
        } else if (result?.status === "ok") {
          const job = await this.scoreJob(set, score, result);
          const scored = standing({ name: score.name, job }, "evaluate", known);
          const open = finished && isOpen(scored.cell.state) ? await finished.score(set, score) : undefined;
          add(
            takenFor({ ...scored.cell, set, score }, () => open),
            [...rank, 0, i],
            scored.until,
          );
        } else add({ name: score.name, kind: "evaluate", set, score, ...waits(cell) }, []);
      }
    }
    for (const { job, rank, unlocks } of artefacts.values()) {
      const own = standing({ name: job.name, job: { ...job, unlocks } }, "experts", known);
      add(own.cell, rank, own.until);
    }
    const sorted = [...ready.values()].sort((a, b) => compare(a.rank, b.rank));
    return {
      cells,
      ready: sorted.map(({ job }) => job),
      ...(Number.isFinite(next) && { next }),
    };
  }

  private async scoreJob(set: SetCell, score: ScoreCell, { key, outputs, values }: Result): Promise<AnyJob> {
    const id = `${key}/${score.network}/${score.protocol.name}`;
    const there = this.scored.get(id);
    if (there) return there;
    const { content, facts } = values as { content: string; facts: SetFacts };
    const scoredSet: ScoredSet = { file: outputs.set!, content, facts };
    const { source, info } = set.dataset;
    const network = { text: score.network, spec: score.spec };
    const readings = readingsOfStudy(this.cells.study);
    const job = await evaluateJob(score.name, source, info!, scoredSet, network, score.protocol, readings);
    this.scored.set(id, job);
    return job;
  }

  /** The place of a set among the study's cells. */
  placeOf(name: string): number {
    return this.order.get(name) ?? -1;
  }
}

/** States of a cell that something may still be computed for. */
const isOpen = (state: CellState) => state === "ready" || state === "later" || state === "waiting";

/** A cell that is open as it is finished elsewhere, where rows say so. */
function takenFor(cell: PlannedCell, rows: () => readonly Row[] | undefined): PlannedCell {
  const taken = isOpen(cell.state) ? rows() : undefined;
  return taken ? { ...cell, state: "done", taken } : cell;
}

/** The rows of all scores of a set, where none is missing and those of the set are there, too: it need not be made then. */
async function takenScores(
  set: SetCell,
  finished: Finished,
): Promise<ReadonlyMap<ScoreCell, readonly Row[]> | undefined> {
  if (!set.job || !finished.set(set)) return undefined;
  const found = new Map<ScoreCell, readonly Row[]>();
  for (const score of set.scores) {
    if (score.refused) continue;
    const rows = await finished.score(set, score);
    if (!rows) return undefined;
    found.set(score, rows);
  }
  return found.size > 0 ? found : undefined;
}

/** Where a cell stands by the rows of scores: done, or diverged and what was to come of it blocked. */
function takenSet(
  scores: ReadonlyMap<ScoreCell, readonly Row[]>,
  taken: readonly Row[],
): Pick<PlannedCell, "state" | "reason" | "taken"> {
  const [blocked] = [...scores.values()].map((rows) => rows.find(({ status }) => status === "blocked"));
  if (!blocked) return { state: "done", taken };
  const reason = blocked.reason ?? undefined;
  return { state: "blocked", ...(reason && { reason }), taken };
}

interface Asked {
  readonly name: string;
  readonly job?: AnyJob;
  readonly refused?: { readonly message: string };
}

/** Where a cell with a job of its own stands. */
function standing({ name, job, refused }: Asked, kind: JobKind, known: Known): { cell: PlannedCell; until?: number } {
  const cell = { name, kind };
  if (!job) return { cell: { ...cell, state: "refused", reason: refused!.message } };
  if (known.done[kind].has(job.key)) {
    const result = known.sets.get(job.key);
    const diverged = result?.status === "diverged";
    return { cell: { ...cell, job, ...(diverged ? { state: "diverged", reason: result.reason } : { state: "done" }) } };
  }
  if (known.stopped.has(job.key)) return { cell: { ...cell, job, state: "stopped", reason: "cancelled" } };
  const verdict = verdictOn(known.attempts.get(job.key) ?? [], known.now);
  if (verdict.may === "not") return { cell: { ...cell, job, state: "failed", reason: verdict.reason } };
  if (verdict.may === "wait") return { cell: { ...cell, job, state: "later" }, until: verdict.until };
  return { cell: { ...cell, job, state: "ready" } };
}

/** Where a set stands that could be made once its artefacts are there: it waits for the first that is not. */
function needing(cell: PlannedCell, { artefacts = [] }: SetCell, known: Known): PlannedCell {
  for (const job of artefacts) {
    const { state, reason } = standing({ name: job.name, job }, "experts", known).cell;
    if (state === "done") continue;
    const lost = state === "diverged" || state === "failed" || state === "stopped";
    return {
      ...cell,
      ...(lost ? { state: "blocked", reason: `its ${job.task.artefact}: ${reason}` } : { state: "waiting" }),
      on: job.key,
    };
  }
  return cell;
}

/** Where a set stands whose steps follow from measurements that are not all there. */
function unmeasured(
  { name, measured = [] }: SetCell,
  kind: JobKind,
  measuring: ReadonlyMap<string, PlannedCell>,
): PlannedCell {
  const cells = measured.flatMap((key) => measuring.get(key) ?? []);
  const lost = cells.find(({ state }) => state === "failed" || state === "stopped");
  if (lost) return { name, kind, state: "blocked", reason: `its timing: ${lost.reason}`, on: lost.job?.key };
  const on = cells.find(({ state }) => state !== "done")?.job?.key;
  return { name, kind, state: "waiting", ...(on && { on }) };
}

/** Where a score stands whose set is not there. */
function waits({ state, reason, job, on: other }: PlannedCell): Pick<PlannedCell, "state" | "reason" | "on"> {
  if (state === "blocked") return { state, reason: `its set: ${reason}`, ...(other && { on: other }) };
  const on = job?.key ?? other;
  if (state === "diverged" || state === "failed" || state === "stopped")
    return { state: "blocked", reason: `its set: ${reason}`, ...(on && { on }) };
  return { state: "waiting", ...(on && { on }) };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
