import { nameOf } from "../cell.ts";
import type { Kept } from "../currency.ts";
import { accuracyOf, comparatorOf, isUnverified, stepsOfRow } from "../lead.ts";
import { countText } from "../table.ts";
import { tableText } from "./sections.ts";

/** Cells of README's first table, in order: those of the longest runs. */
const shown = [
  "mnist-m3d-ipc1",
  "mnist-dsa-1000-epochs-ipc10",
  "mnist-dm-long-ipc10",
  "fashion-mnist-dm-long-ipc10",
  "cifar-10-dm-long-ipc10",
  "mnist-dc-paper-ipc1",
  "mnist-dm-paper-ipc1",
  "mnist-datadam-paper-ipc1",
  "mnist-dsa-paper-ipc1",
];

/** What sets are worth beside random and k-means subsets that are trained on alike: a row a set. */
export function worthTable(rows: readonly Kept[], subsets: readonly Kept[]): string {
  const chosen = shown.flatMap((name) => rows.filter(({ cell }) => nameOf(cell) === name));
  const beside = (row: Kept, which: "random" | "kmeans") => {
    const accuracy = comparatorOf(row, which, subsets);
    return accuracy ? accuracyOf(accuracy) : "–";
  };
  const body = chosen.map((row) => [
    row.cell.dataset,
    String(row.cell.ipc),
    `\`${row.cell.method}\``,
    condensed(row),
    `${countText(row)}, ${stepsOfRow(row)} steps`,
    `${accuracyOf(row.result.accuracy)}${row.outdated.length > 0 ? " †" : ""}`,
    beside(row, "random"),
    beside(row, "kmeans"),
    row.cell.reported ? `${row.cell.reported.accuracy}${isUnverified(row.cell.reported.source) ? "?" : ""}` : "",
    `\`npm run reproduce -- --only ${nameOf(row.cell)}\``,
  ]);
  return tableText(
    [
      "dataset",
      "images a class",
      "method",
      "condensed in",
      "trained",
      "accuracy, %",
      "random subsets",
      "k-means subsets",
      "authors'",
      "command",
    ],
    body,
  );
}

/** Seconds of condensation and where, all machines of a run added up. */
function condensed({ result: { seconds, machine, earlier = [] } }: Kept): string {
  const total = earlier.reduce((sum, part) => sum + part.seconds, seconds);
  const where = [...earlier, machine].some(({ card }) => card)
    ? "a graphics card"
    : machine.cores === 1
      ? "one core"
      : `${machine.cores} cores`;
  return `${Math.round(total)} s, ${where}`;
}
