import type { Accuracy, Continual } from "../evaluate/index.ts";
import { table } from "./output.ts";

/** Accuracies on the classes seen by then, a column a task; the mean over tasks at the end. */
export function continualTable({ steps, scores }: Continual): string {
  const rows = scores.map(({ subject, net, average }) => {
    const each = steps.map(({ evaluation }) => {
      const results = subject === evaluation.subject ? evaluation.results : evaluation.baselines[subject]!.results;
      return percent(results.find((result) => result.net === net)!.accuracy!);
    });
    return [subject, net, ...each, percent(average)];
  });
  return table([["set", "network", ...steps.map(({ seen }) => `${seen.length} classes`), "mean"], ...rows]);
}

const percent = ({ mean, std, runs }: Accuracy): string =>
  `${(100 * mean).toFixed(2)}${runs.length > 1 ? ` ± ${(100 * std).toFixed(2)}` : ""} %`;
