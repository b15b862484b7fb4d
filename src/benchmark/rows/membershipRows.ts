import { membershipAttackNamed } from "../../audit/attacks/index.ts";
import type { KeptAudit } from "../jobs/run/audit.node.ts";
import type { Numbers } from "./blank.ts";

/** The level of FPR at which the strongest attack is told. */
const level = 0.01;

/**
 * The rows of an audit: under the objective's name the AUC of the likelihood ratio attack, and after a dot the TPR at an FPR of 1 % of the
 * strongest attack on networks and of that on the set itself, TPR at other levels, other attacks' figures, and ε that is shown. The
 * reason of each says how many models it is of.
 *
 * @param name the objective as the study writes it
 */
export function membershipRows(name: string, { attacks, shown, shadows, pool, network }: KeptAudit): Numbers[] {
  const reason = `${shadows} halves of ${pool} samples condensed`;
  const row = (metric: string, value: number, unit = "fraction"): Numbers => ({
    ...{ metric, unit, better: "lower", value, status: "ok", network, reason },
  });
  const unresolved = (metric: string): Numbers => ({
    ...row(metric, 0),
    value: null,
    status: "absent",
    reason: `${reason}: fewer than five of them may be taken for members at this level`,
  });
  const own = Object.entries(attacks).flatMap(([attack, { auc, advantage, tpr }]) => [
    row(attack === "lira" ? name : `${name}.${attack}`, auc),
    row(`${name}.${attack}.advantage`, advantage),
    ...tpr.map(({ fpr, value, resolved }) => {
      const metric = `${name}.${attack}.tpr-${fpr}`;
      return resolved ? row(metric, value) : unresolved(metric);
    }),
  ]);
  const strongest = (part: string, ofSet: boolean): Numbers[] => {
    const found = Object.entries(attacks).flatMap(([attack, { tpr }]) => {
      const { sees } = membershipAttackNamed(attack);
      if ((sees !== "networks" && sees !== "views") !== ofSet) return [];
      return tpr.flatMap(({ fpr, value, resolved }) => (fpr === level && resolved ? [{ attack, value }] : []));
    });
    if (found.length === 0) return [];
    const { attack, value } = found.reduce((best, one) => (one.value > best.value ? one : best));
    return [{ ...row(`${name}.${part}`, value), reason: `${attack}, the strongest; ${reason}` }];
  };
  return [...own, ...strongest("networks", false), ...strongest("set", true), row(`${name}.epsilon`, shown, "")];
}

/** Tells whether a metric is among those that stand for an audit in tables. */
export const standsForAudit = (metric: string, objective: string): boolean =>
  ["networks", "set", "epsilon"].some((part) => metric === `${objective}.${part}`);
