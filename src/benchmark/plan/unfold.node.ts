import { budgetedCells } from "../budget/budgeted.node.ts";
import { recordedSteps } from "../budget/recorded.node.ts";
import { explored } from "../explore/explored.node.ts";
import type { Place } from "../explore/place.ts";
import { takenIn } from "../rows/taken.node.ts";
import type { Store } from "../store/store.ts";
import type { ResolvedStudy } from "../study/resolved.ts";
import type { Tier } from "../study/schema.ts";
import { type Cells, cellsOf } from "./cells.node.ts";

/** A study as cells, as far as a store has what they follow from. */
export interface Unfolded {
  readonly cells: Cells;
  /** True where results that are to come may bring more cells. */
  readonly grows: boolean;
  /** What an exploration has found so far, where the study is one. */
  readonly places?: readonly Place[];
}

/** The cells of a study: a function of study and store, also where steps or whole cells follow from results. */
export async function unfolded(study: ResolvedStudy, store: Store, tier?: Tier): Promise<Unfolded> {
  const { budget } = study;
  const { explore } = study.study;
  if (explore) return { ...(await explored(study, explore, store, tier)), grows: true };
  if (budget === undefined) return { cells: cellsOf(study, { tier }), grows: false };
  const recorded = recordedSteps(await takenIn(store), budget);
  return { cells: await budgetedCells(study, budget, store, { tier, recorded }), grows: true };
}
