import { byteCount } from "../../src/cli/output.ts";
import type { Evaluation } from "../../src/evaluate/index.ts";
import type { Cell, Family } from "./cell.ts";
import { reasonsOf } from "./reasons.ts";
import type { CellResult, Machine } from "./result.ts";

const variants = {
  plain: "not augmented",
  "per-image": "augmented image by image",
  "1000-epochs": "1000 epochs",
} as const;

const percent = (fraction: number) => (100 * fraction).toFixed(1);

/**
 * Points that a cell is above a subset of its size on the same network, trained for no fewer epochs under the same augmentation, scored with it or
 * in a cell of its own; bold where not by more than both spreads together, "–" for the subset itself and where none was scored.
 */
function lead(
  { method, dataset, ipc }: Cell,
  evaluation: Evaluation,
  rule: string,
  all: readonly CellResult[],
): string {
  const own = evaluation.results[0]!;
  const { augmentation, epochs } = evaluation.protocol.recipe;
  const alone = all.find(
    ({ cell, evaluation: other }) =>
      cell.method === rule &&
      cell.dataset === dataset &&
      cell.ipc === ipc &&
      other.protocol.recipe.augmentation === augmentation &&
      other.protocol.recipe.epochs >= epochs,
  );
  const subset = evaluation.baselines[rule]?.results[0] ?? alone?.evaluation.results[0];
  if (rule === method || subset?.net !== own.net) return "–";
  const points = own.accuracy.mean - subset.accuracy.mean;
  const text = `${points < 0 ? "" : "+"}${percent(points)}`;
  return points > own.accuracy.std + subset.accuracy.std ? text : `**${text}**`;
}

/** The family's table in Markdown: a row a cell, ours beside the authors'. Cells that are not there yet are left out. */
export function markdown(family: Family, results: readonly CellResult[]): string {
  const usual = results.find((r) => r.seconds > 0 && !r.machine.card)?.machine.cpu;
  const spent = (seconds: number, { card, cores, cpu }: Machine) => {
    const part = card ? `a card through ${card}` : cores === 1 ? "one core" : "";
    return [`${Math.round(seconds)} s`, part, card || cpu === usual ? "" : cpu].filter(Boolean).join(", ");
  };
  const rows = results.map(({ cell, seconds, evaluation, commands, machine, earlier = [] }) => {
    const { mean, std, runs } = evaluation.results[0]!.accuracy;
    const ours = `${percent(mean)} ± ${percent(std)}${runs.length === 1 ? " (one network)" : ""}`;
    const { net } = evaluation.results[0]!;
    const theirs = cell.reported ? `${cell.reported.accuracy} (${cell.reported.source})` : "";
    const before = earlier.map((m) => `${spent(m.seconds, m)} up to step ${m.until}`);
    const time = seconds > 0 ? [...before, spent(seconds, machine)].join("; ") : "";
    const stored = byteCount(evaluation.storedBytes);
    return [
      cell.dataset,
      `${cell.method}${cell.variant ? `, ${variants[cell.variant]}` : ""}`,
      String(cell.ipc),
      net,
      ours,
      ["random", "kmeans"].map((rule) => lead(cell, evaluation, rule, results)).join(", "),
      theirs,
      reasonsOf(cell).join("; "),
      stored,
      time,
      `\`${commands[0]}\``,
    ];
  });
  const head = [
    "dataset",
    "method",
    "ipc",
    "network",
    "accuracy, %",
    "above random, k-means",
    "authors', %",
    "what differs",
    "stored",
    "condensation",
    "command",
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `# ${family.title}`,
    "",
    ...family.notes.map((note) => `- ${note}`),
    ...(usual ? [`- Condensation: seconds on two cores of ${usual}, where no other machine is named.`] : []),
    "- Above random, k-means: points over subsets of the same size on the same network, trained for no fewer epochs under the same augmentation; bold where not by more than both spreads.",
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
    `Made by \`npm run reproduce -- ${family.name}\` from the JSON files in \`${family.name}/\`; ${results.length} of ${family.cells.length} cells.`,
    "",
  ].join("\n");
}
