import { comparesView, methodFrom, readsSolver, servesCriterion } from "../../condense/index.ts";
import { fingerprint } from "../../data/fingerprint.ts";
import type { Method } from "../../methods/method.ts";
import { canonical } from "../plan/canonical.ts";
import { type AxisChoice, type AxisName, axisNames, isCriterion, none } from "./axes.ts";

/** A choice on every axis. */
export type Combination = Readonly<Record<AxisName, AxisChoice>>;

/** A combination's name among candidates: its choices, one after the other. */
export const labelOf = (combination: Combination): string => axisNames.map((axis) => combination[axis].label).join("+");

/** Tells whether a discrepancy compares what a view yields, or a criterion reads what a solver does; two of a kind never fit. */
export function goTogether({ name: discrepancy }: AxisChoice, { name: view }: AxisChoice, solver: boolean): boolean {
  if (isCriterion(discrepancy) !== solver) return false;
  return solver ? readsSolver(discrepancy, view) : comparesView(discrepancy, view);
}

/** Tells whether a source of hypotheses has what a criterion holds them against. */
export const hypothesesServe = ({ name: source }: AxisChoice, { name: discrepancy }: AxisChoice): boolean =>
  !isCriterion(discrepancy) || servesCriterion(source, discrepancy);

/** The record that candidates differ from in their choices: DM's parts, moved by Adam, whose steps hang on no formula's scale. */
export const usualBase = {
  name: "base",
  title: "A combination of parts",
  citation: { authors: "nobody", year: 2026, title: "A combination that attar benchmark tried", venue: "unpublished" },
  objective: { match: [{ view: { name: "embedding" }, discrepancy: { name: "mean-difference" } }] },
  augmentation: "siamese",
  update: { rule: "adam" },
  recipe: [
    {
      when: {},
      set: { steps: 1000, realBatch: 64, imageLearningRate: 0.05, imageMomentum: 0.5 },
      source: "a start for any combination, tuned for none",
    },
  ],
};

/** A base record with its parts exchanged. @throws AttarError "bad-method" where they do not make one */
export function recordOf(base: Method, combination: Combination): Method {
  const { discrepancy, view, space, hypotheses, network, trick } = combination;
  const part = ({ name, options }: AxisChoice) => ({ name, ...(Object.keys(options).length > 0 && { options }) });
  const { citation: _, row: _row, departures: _departures, ...rest } = base;
  const parts = {
    objective: isCriterion(discrepancy.name)
      ? { solve: part(view), criterion: part(discrepancy) }
      : { match: [{ view: part(view), discrepancy: part(discrepancy) }] },
    synthetic: part(space),
    hypotheses: part(hypotheses),
    network: part(network),
    tricks: [...base.tricks.filter(({ name }) => name !== trick.name), ...(trick.name === none ? [] : [part(trick)])],
  };
  const record = { ...rest, ...parts };
  return methodFrom({
    ...record,
    name: `explored-${fingerprint(new TextEncoder().encode(canonical(record))).slice(0, 8)}`,
    title: labelOf(combination),
    citation: usualBase.citation,
    formula: "",
    reference: "",
  });
}
