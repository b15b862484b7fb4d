import { type Accuracy, type Evaluation, unitOfValue } from "../evaluate/index.ts";
import { byteCount, duration, table } from "./output.ts";

/** Accuracies in per cent, a row for each set and network, and a column for each other value that was read. */
export function evaluationTable(result: Evaluation): string {
  const all = [result, ...Object.values(result.baselines)].flatMap(({ results }) => results);
  // The accuracy of every single class is for --json.
  const shown = [...new Set(all.flatMap(({ readings = {} }) => Object.keys(readings)))].filter(
    (name) => !/\.class-\d+$/.test(name),
  );
  const rows: string[][] = [["set", "network", "accuracy", "±", ...shown.flatMap((name) => [name, "±"]), "time"]];
  const add = (name: string, results: Evaluation["results"]) => {
    for (const { net, accuracy, readings = {}, seconds } of results) {
      const others = shown.flatMap((value) => cells(value, readings[value]!));
      rows.push([name, net, ...cells("accuracy", accuracy), ...others, duration(seconds)]);
    }
  };
  add(`${result.subject} (${byteCount(result.storedBytes)})`, result.results);
  for (const [name, { results }] of Object.entries(result.baselines)) add(name, results);
  return table(rows);
}

/** Mean and spread of a value: shares in per cent, others as they are. The spread of one run is left out. */
function cells(name: string, { mean, std, runs }: Accuracy): [mean: string, spread: string] {
  const share = unitOfValue(name) === "fraction";
  const [value, spread] = share ? [`${(100 * mean).toFixed(2)} %`, (100 * std).toFixed(2)] : [mean, std].map(decimals);
  return [value!, runs.length > 1 ? spread! : ""];
}

const decimals = (value: number) => value.toFixed(4);
