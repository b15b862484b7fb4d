import { criterionNamed, type Discrepancy, discrepancies, distanceNamed } from "../../discrepancies/index.ts";
import { solverNamed, sourceNamed } from "../../hypotheses/index.ts";
import { viewNamed } from "../../views/index.ts";

/** The names of discrepancies that a loop can minimise. */
export const minimisedDistances = (): readonly string[] => {
  const parts: Readonly<Record<string, Discrepancy>> = discrepancies.parts;
  return discrepancies.names.filter((name) => parts[name]!.traced);
};

/** Tells whether a discrepancy of matching compares what a view yields. */
export function comparesView(discrepancy: string, view: string): boolean {
  const { compares } = distanceNamed(discrepancy);
  return viewNamed(view).yields === "gradient"
    ? compares.includes("gradients")
    : compares.some((kind) => kind !== "gradients");
}

/** Tells whether a criterion reads what a solver yields. */
export const readsSolver = (criterion: string, solver: string): boolean =>
  criterionNamed(criterion).reads === "outputs" || solverNamed(solver).yields === "network";

/** Tells whether a source's hypotheses have what a criterion holds them against. */
export const servesCriterion = (source: string, criterion: string): boolean =>
  criterionNamed(criterion).needsTarget !== true || sourceNamed(source).target === true;
