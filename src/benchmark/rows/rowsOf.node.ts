import { derivedRows } from "../derived/derivedRows.ts";
import { heldOutProtocol } from "../explore/place.ts";
import { drawsNoise } from "../jobs/job.ts";
import type { Objective } from "../objectives/objective.ts";
import type { Cells } from "../plan/cells.node.ts";
import type { Plan, PlannedCell } from "../plan/plan.node.ts";
import type { Result } from "../store/result.ts";
import type { Store } from "../store/store.ts";
import { blank, provenanceOf } from "./blank.ts";
import { budgetOf, claimOf, networksOf, placeOf, setOf } from "./cellFacts.node.ts";
import { circumstancesOf, pendingOf } from "./circumstances.node.ts";
import { howMade } from "./howMade.ts";
import { measurementOf } from "./measurementOf.ts";
import { numbersOf } from "./numbersOf.ts";
import type { Row } from "./row.ts";

/** What derived figures are computed from. */
const accuracyObjective: Objective = { name: "accuracy", of: "network", reading: { name: "accuracy", options: {} } };

/** The rows of a study: of every cell that has come to an end a row a number, or the reason why there is none. */
export async function rowsOf(cells: Cells, plan: Plan, store: Store): Promise<readonly Row[]> {
  const results = await resultsOf(plan, store);
  const { study } = cells.study;
  const derived = cells.study.objectives.filter(({ of }) => of === "derived");
  const named = cells.study.objectives.filter(({ of }) => of !== "derived");
  // What others are computed from is read whether or not it is asked for.
  const implied = derived.length > 0 && !named.some(({ name }) => name === "accuracy") ? [accuracyObjective] : [];
  const objectives = [...named, ...implied];
  const rows: Row[] = [];
  for (const cell of plan.cells) {
    // Of sets that an exploration chooses by, the held-out scores are rows, and nothing else.
    if (cell.set?.dataset.source.heldOut && !cell.score) continue;
    if (cell.probe) {
      rows.push(...measurementOf(study.name, cell, results));
      continue;
    }
    const own = objectives.filter((objective) => isOf(objective, cell));
    if (own.length === 0) continue;
    if (cell.taken) {
      rows.push(...cell.taken.filter(({ objective }) => own.some(({ name }) => name === objective)));
      continue;
    }
    const result = cell.job && results.get(cell.job.key);
    const made = cell.set?.job && results.get(cell.set.job.key);
    const base = {
      ...blank,
      study: study.name,
      ...placeOf(cell),
      ...setOf(made),
      ...budgetOf(cell.set),
      ...claimOf(cell.set),
    };
    const how = result ? { ...howMade(cell, cells.study), ...networksOf(cell, result, made) } : {};
    for (const objective of own)
      for (const number of numbersOf(objective, cell, result, made))
        rows.push({
          ...base,
          objective: objective.name,
          ...number,
          ...(result && { key: result.key, ...provenanceOf(result), ...how }),
          ...(number.status === "ok" && isNoised(result, made) && { reason: noised(number.reason) }),
          ...(cell.kind === "evaluate" && made && { parents: made.key }),
        });
  }
  const more = derivedRows(
    derived.map(({ name, options = {} }) => ({ name, options })),
    rows.filter(({ protocol }) => protocol !== heldOutProtocol),
    pendingOf(plan),
    circumstancesOf(cells, plan, results),
  );
  return [...rows.filter(({ objective }) => implied.every(({ name }) => name !== objective)), ...more];
}

/** Tells whether a result hangs on the secret noise of a private run. */
const isNoised = (...results: readonly (Result | undefined)[]): boolean =>
  results.some((result) => result !== undefined && drawsNoise(result.configuration));

const noised = (reason: string | null = null): string =>
  `${reason === null ? "" : `${reason}; `}noise is drawn anew in every computation`;

/** The results of cells that have one. */
async function resultsOf(plan: Plan, store: Store): Promise<ReadonlyMap<string, Result>> {
  const found = new Map<string, Result>();
  for (const kind of ["condense", "import", "evaluate", "reference", "time", "score-time", "audit"] as const) {
    const ended = plan.cells.filter(
      (cell) => cell.kind === kind && !cell.taken && (cell.state === "done" || cell.state === "diverged"),
    );
    const keys = [...new Set(ended.map(({ job }) => job!.key))];
    for (const [key, result] of await store.results(kind, keys)) found.set(key, result);
  }
  return found;
}

/** Tells whether an objective has its numbers from a cell. */
function isOf({ of }: Objective, { kind, job }: PlannedCell): boolean {
  if (of === "network") return kind === "evaluate" || kind === "reference";
  if (of === "machine") return kind === "time";
  if (of === "audit") return kind === "audit";
  if (of === "claim") return kind === "condense" || kind === "import";
  return (kind === "condense" || kind === "import") && (job !== undefined || of === "set");
}
