import type { KeptAudit } from "../jobs/run/audit.node.ts";
import type { Row } from "./row.ts";

type Numbers = Pick<Row, "metric" | "unit" | "better" | "value" | "status"> & Partial<Row>;

/**
 * The rows of an audit: under the objective's name the AUC of the likelihood ratio attack, and after a dot TPR at levels of FPR,
 * other attacks' figures, and ε that is shown. The reason of each says how many models it is of.
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
  return [...own, row(`${name}.epsilon`, shown, "")];
}
