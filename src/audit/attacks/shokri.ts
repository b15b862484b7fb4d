import type { Evidence, MembershipAttack } from "./attack.ts";
import { fitLogistic, type Logistic, logitOf } from "./logistic.ts";

/** Rows that one classifier is trained on, at most: evenly spaced ones of all that there are. */
const mostRows = 5000;

/** The classifier of a class: trained on outputs of the references for samples of that class, members and others. */
function classifierOf(
  { members, labels, outputs }: Evidence,
  references: readonly number[],
  label: number,
): Logistic | undefined {
  const own = Array.from(labels.keys()).filter((i) => labels[i] === label);
  const all = own.length * references.length;
  const n = Math.min(mostRows, all);
  const d = outputs[0]!.length / labels.length;
  const rows = new Float64Array(n * d);
  const positive = new Uint8Array(n);
  for (let row = 0; row < n; row++) {
    const at = Math.floor((row * all) / n);
    const model = references[Math.floor(at / own.length)]!;
    const i = own[at % own.length]!;
    rows.set(outputs[model]!.subarray(i * d, (i + 1) * d), row * d);
    positive[row] = members[model]![i]!;
  }
  const both = positive.includes(1) && positive.includes(0);
  return both ? fitLogistic(rows, positive, d) : undefined;
}

/**
 * The attack of Shokri et al. 2017: shadow models whose memberships are known teach a classifier for each class what outputs for
 * members look like. The classifiers are logistic regressions of the label's log-probability and those of other classes, sorted.
 */
export const shokri: MembershipAttack = {
  name: "shokri",
  title: "a classifier of outputs for each class, trained on shadow models (Shokri et al.)",
  sees: "networks",
  scores(evidence, target, references) {
    const { labels, outputs } = evidence;
    const classifiers = new Map<number, Logistic | undefined>();
    for (const label of labels)
      if (!classifiers.has(label)) classifiers.set(label, classifierOf(evidence, references, label));
    const d = outputs[target]!.length / labels.length;
    return Float64Array.from(labels, (label, i) => {
      const classifier = classifiers.get(label);
      return classifier ? logitOf(classifier, outputs[target]!.subarray(i * d, (i + 1) * d)) : 0;
    });
  },
};
