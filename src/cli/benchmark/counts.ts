import type { CellState, Plan, PlannedCell } from "../../benchmark/plan/plan.node.ts";

/** The states in the order in which tables have them, those that say the same to a person as one. */
export const shownStates = ["done", "ready", "waiting", "blocked", "failed", "stopped", "refused"] as const;
export type ShownState = (typeof shownStates)[number];

const shown: Readonly<Record<CellState, ShownState>> = {
  done: "done",
  diverged: "done",
  ready: "ready",
  later: "ready",
  waiting: "waiting",
  blocked: "blocked",
  failed: "failed",
  stopped: "stopped",
  refused: "refused",
};

export type Counts = Readonly<Record<ShownState, number>>;

/** The number of cells in each state. */
export function countsOf(cells: readonly PlannedCell[]): Counts {
  const counts = Object.fromEntries(shownStates.map((state) => [state, 0])) as Record<ShownState, number>;
  for (const { state } of cells) counts[shown[state]]++;
  return counts;
}

/** A row of counts for every subject and dataset. */
export function countsBySubject({ cells }: Plan): readonly { subject: string; dataset: string; counts: Counts }[] {
  const groups = new Map<string, PlannedCell[]>();
  for (const cell of cells) {
    const name = cell.name.split("/").slice(0, 2).join("/");
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups].map(([name, own]) => {
    const [subject = "", dataset = ""] = name.split("/");
    return { subject, dataset, counts: countsOf(own) };
  });
}
