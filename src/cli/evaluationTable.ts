import { type Accuracy, type Evaluation, unitOfValue } from "../evaluate/index.ts";
import { byteCount, duration, table } from "./output.ts";

/** Values in columns, accuracies and other shares in per cent: a row for each set and network. */
export function evaluationTable(result: Evaluation): string {
  const all = [result, ...Object.values(result.baselines)].flatMap(({ results }) => results);
  // The accuracy of every single class and corruption, and what stands beside an accuracy under attack, are for --json.
  const shown = [...new Set(all.flatMap(({ readings = {} }) => Object.keys(readings)))].filter(
    (name) => !/\.(class-\d+|clean|zero-gradients|black-box-only)$|^corruption\b.*\.(?!drop$)[a-z-]+$/.test(name),
  );
  const columns = [...(result.results[0]?.accuracy ? ["accuracy"] : []), ...shown];
  const rows: string[][] = [["set", "network", ...columns.flatMap((name) => [headingOf(name), "±"]), "time"]];
  const add = (name: string, results: Evaluation["results"]) => {
    for (const { net, accuracy, readings = {}, seconds } of results) {
      const values: Readonly<Record<string, Accuracy>> = { ...(accuracy && { accuracy }), ...readings };
      rows.push([name, net, ...columns.flatMap((value) => cells(value, values[value]!)), duration(seconds)]);
    }
  };
  add(`${result.subject} (${byteCount(result.storedBytes)})`, result.results);
  for (const [name, { results }] of Object.entries(result.baselines)) add(name, results);
  return table(rows);
}

/** The heading of a value: of one of several attacks joined its name alone, for their column stands before it. */
const headingOf = (name: string): string => name.replace(/^(autoattack|[^:]*\+)[^:]*:.*\.(?=[a-z-]+$)/, "– ");

/** Mean and spread of a value: shares in per cent, others as they are. The spread of one run is left out. */
function cells(name: string, { mean, std, runs }: Accuracy): [mean: string, spread: string] {
  const share = unitOfValue(name) === "fraction";
  const [value, spread] = share ? [`${(100 * mean).toFixed(2)} %`, (100 * std).toFixed(2)] : [mean, std].map(decimals);
  return [value!, runs.length > 1 ? spread! : ""];
}

const decimals = (value: number) => value.toFixed(4);
