import type { Audit, AuditedSubject } from "../audit/index.ts";
import { figure } from "./numbers.ts";
import { table } from "./output.ts";

const share = (value: number) => (100 * value).toFixed(value < 0.1 ? 2 : 1);
const range = ({ low, high }: { low: number; high: number }) => `${share(low)}–${share(high)}`;

/** An audit in columns: a row for each subject and attack, then what is shown of ε. */
export function auditTable({ subjects }: Audit): string {
  const rows = [["subject", "accuracy", "attack", "AUC", "95 %", "TPR at 0.1 %", "at 1 %", "95 %", "advantage"]];
  for (const { name, ipc, accuracy, attacks } of subjects) {
    let first = true;
    for (const [attack, { auc, tpr, advantage }] of Object.entries(attacks)) {
      const [rare, common] = tpr;
      rows.push([
        first ? (name === "equal" ? `${name}, ${ipc} a class` : name) : "",
        first ? `${share(accuracy.mean)} %` : "",
        attack,
        auc.value.toFixed(3),
        `${auc.low.toFixed(3)}–${auc.high.toFixed(3)}`,
        rare!.resolved ? `${share(rare!.value)} %` : "not resolved",
        `${share(common!.value)} %`,
        range(common!),
        advantage.value.toFixed(3),
      ]);
      first = false;
    }
  }
  return [table(rows), "", ...subjects.map(wordsOf)].join("\n");
}

/** What attacks show of a subject's ε, and of the share of copies in its sets. */
function wordsOf({ name, shown, claimed, unjudged, copies, refuted }: AuditedSubject): string {
  const { epsilon, attack, right, guesses, most } = shown;
  const words = [
    `${name}: ε is at least ${figure(epsilon, 3)} (95 %; ${attack}, ${right} of ${guesses} guesses right), and an attack that never errs would show ${figure(most, 3)}`,
    ...(claimed ? [`claimed is ${figure(claimed.epsilon, 3)}: ${refuted ? "refuted" : "not refuted"}`] : []),
    ...(unjudged === undefined ? [] : [`its claim is not judged: ${unjudged}`]),
    ...(copies === undefined ? [] : [`${share(copies)} % of its sets are copies`]),
  ];
  return words.join("; ");
}
