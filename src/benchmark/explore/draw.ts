import { AttarError, type RandomKey } from "../../engine/index.ts";
import { solvers } from "../../hypotheses/solvers/index.ts";
import { type Axes, type AxisChoice, type AxisName, axisNames } from "./axes.ts";
import { type Combination, goTogether, hypothesesServe, labelOf } from "./record.ts";

/** A combination that was drawn and refused. */
export interface Refused {
  readonly label: string;
  readonly reason: string;
}

/** Draws a candidate, until its place is given up. */
const mostDraws = 60;

/**
 * Draws combinations from the axes. On each axis a choice comes next that was drawn the fewest times so far, so that all of them are
 * tried about equally often; which of those, the key says. What cannot be is told with its reason and does not count.
 *
 * @param check throws an AttarError where a combination cannot be
 */
export function drawn(
  axes: Axes,
  count: number,
  key: RandomKey,
  check: (combination: Combination) => void,
): { readonly combinations: readonly Combination[]; readonly refused: readonly Refused[] } {
  const uses = new Map<AxisChoice, number>();
  const next = (choices: readonly AxisChoice[], at: RandomKey): AxisChoice => {
    const least = Math.min(...choices.map((choice) => uses.get(choice) ?? 0));
    const fewest = choices.filter((choice) => (uses.get(choice) ?? 0) === least);
    return fewest[at.integer(fewest.length)]!;
  };
  const combinations: Combination[] = [];
  const refused: Refused[] = [];
  const seen = new Set<string>();
  const viewsFor = (discrepancy: AxisChoice) =>
    axes.view.filter((view) => goTogether(discrepancy, view, Object.hasOwn(solvers, view.name)));
  const sourcesFor = (discrepancy: AxisChoice) =>
    axes.hypotheses.filter((source) => hypothesesServe(source, discrepancy));
  const lack = (discrepancy: AxisChoice): string | undefined => {
    if (viewsFor(discrepancy).length === 0) return "no view of the study yields what it compares";
    if (sourcesFor(discrepancy).length === 0)
      return "no hypotheses of the study have the target that it holds them against";
    return undefined;
  };
  const able = axes.discrepancy.filter((discrepancy) => !lack(discrepancy));
  for (const discrepancy of axes.discrepancy) {
    const reason = lack(discrepancy);
    if (reason) refused.push({ label: discrepancy.label, reason });
  }
  for (let draw = 0; able.length > 0 && combinations.length < count && draw < count + mostDraws; draw++) {
    const at = key.fold(draw);
    const choose = (axis: AxisName, from: readonly AxisChoice[]) => next(from, at.fold(axis));
    const discrepancy = choose("discrepancy", able);
    const combination: Combination = {
      discrepancy,
      view: choose("view", viewsFor(discrepancy)),
      space: choose("space", axes.space),
      hypotheses: choose("hypotheses", sourcesFor(discrepancy)),
      network: choose("network", axes.network),
      trick: choose("trick", axes.trick),
    };
    for (const axis of axisNames) uses.set(combination[axis], (uses.get(combination[axis]) ?? 0) + 1);
    const label = labelOf(combination);
    if (seen.has(label)) continue;
    seen.add(label);
    try {
      check(combination);
      combinations.push(combination);
    } catch (error) {
      if (!(error instanceof AttarError)) throw error;
      refused.push({ label, reason: error.message });
    }
  }
  return { combinations, refused };
}
