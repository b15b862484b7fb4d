import type { Row } from "../rows/row.ts";
import { mean } from "../statistics/mean.ts";
import { hardLabelRecovery } from "./hardLabelRecovery.ts";
import { improvementOverRandom } from "./improvementOverRandom.ts";
import { labelRobustScore } from "./labelRobustScore.ts";

/** What of a row says which accuracy it is. */
export type AccuracyRow = Pick<
  Row,
  "subject" | "method" | "dataset" | "ipc" | "seed" | "network" | "protocol" | "metric" | "value"
>;

/** DD-Ranking's figures of a subject in one cell; what cannot be said is left out, with the reason. */
export interface Gain {
  readonly subject: string;
  readonly dataset: string;
  readonly ipc: number;
  readonly network: string;
  readonly protocol: string;
  /** Sets whose means were averaged, one a seed. */
  readonly sets: number;
  readonly accuracy: number;
  readonly recovery?: number;
  readonly improvement?: number;
  readonly labelRobust?: number;
  readonly reason?: string;
}

/**
 * DD-Ranking's figures from rows of a study: each subject's accuracy against networks trained on the full data (HLR) and on random
 * subsets of its size (IOR) under the same protocol, and the label-robust score of the two. A set is the mean over its networks, a
 * subject the mean over its sets.
 */
export function gainsOf(rows: readonly AccuracyRow[]): Gain[] {
  const accuracies = rows.filter(({ metric, value }) => metric === "accuracy" && value !== null);
  const cells = grouped(accuracies, ({ subject, dataset, ipc, network, protocol }) =>
    JSON.stringify([subject, dataset, ipc, network, protocol]),
  );
  const at = (dataset: string, network: string | null, protocol: string | null) => (own: AccuracyRow) =>
    own.dataset === dataset && own.network === network && own.protocol === protocol;
  return [...cells.values()].flatMap((own) => {
    const { subject, method, dataset, ipc, network, protocol } = own[0]!;
    if (subject === "full" || ipc === null || network === null || protocol === null) return [];
    const there = accuracies.filter(at(dataset, network, protocol));
    // Networks on the full data have a protocol of their own.
    const full = meanOfSets(
      accuracies.filter((row) => row.subject === "full" && row.dataset === dataset && row.network === network),
    );
    const random = meanOfSets(there.filter((row) => row.method === "random" && row.ipc === ipc));
    const accuracy = meanOfSets(own)!;
    const recovery = full === undefined ? undefined : hardLabelRecovery(full, accuracy);
    const improvement = random === undefined ? undefined : improvementOverRandom(accuracy, random);
    const missing = [
      ...(full === undefined ? ['no networks on the full data: "reference": true in the study'] : []),
      ...(random === undefined ? ["no random subsets: the method random in the study"] : []),
    ];
    return [
      {
        subject,
        dataset,
        ipc,
        network,
        protocol,
        sets: setsOf(own).length,
        accuracy,
        ...(recovery !== undefined && { recovery }),
        // A random subset beside itself gains nothing by definition.
        ...(improvement !== undefined && method !== "random" && { improvement }),
        ...(recovery !== undefined &&
          improvement !== undefined &&
          method !== "random" && { labelRobust: labelRobustScore({ improvement, recovery }) }),
        ...(missing.length > 0 && { reason: missing.join("; ") }),
      },
    ];
  });
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

const setsOf = (rows: readonly AccuracyRow[]): AccuracyRow[][] => [
  ...grouped(rows, ({ seed }) => String(seed)).values(),
];

const meanOfSets = (rows: readonly AccuracyRow[]): number | undefined =>
  rows.length === 0 ? undefined : mean(setsOf(rows).map((set) => mean(set.map(({ value }) => value!))));
