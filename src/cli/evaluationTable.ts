import type { Evaluation } from "../evaluate/index.ts";
import { byteCount, duration, table } from "./output.ts";

/** Accuracies in per cent, a row a set and network. */
export function evaluationTable(result: Evaluation): string {
  const rows: string[][] = [["set", "network", "accuracy", "±", "time"]];
  const add = (name: string, results: Evaluation["results"]) => {
    for (const { net, accuracy, seconds } of results) {
      const spread = accuracy.runs.length > 1 ? (100 * accuracy.std).toFixed(2) : "";
      rows.push([name, net, `${(100 * accuracy.mean).toFixed(2)} %`, spread, duration(seconds)]);
    }
  };
  add(`${result.subject} (${byteCount(result.storedBytes)})`, result.results);
  for (const [name, { results }] of Object.entries(result.baselines)) add(name, results);
  return table(rows);
}
