import { byteCount } from "../../src/cli/output.ts";
import type { Family } from "./cell.ts";
import { reasonsOf } from "./reasons.ts";
import type { CellResult } from "./result.ts";

const percent = (fraction: number) => (100 * fraction).toFixed(1);

/** The family's table in Markdown: a row a cell, ours beside the authors'. Cells that are not there yet are left out. */
export function markdown(family: Family, results: readonly CellResult[]): string {
  const rows = results.map(({ cell, seconds, evaluation, commands }) => {
    const { mean, std, runs } = evaluation.results[0]!.accuracy;
    const ours = `${percent(mean)} ± ${percent(std)}${runs.length === 1 ? " (one network)" : ""}`;
    const { net } = evaluation.results[0]!;
    const beside = Object.entries(evaluation.baselines)
      .map(([rule, { results }]) => `; ${rule} ${percent(results[0]!.accuracy.mean)}`)
      .join("");
    const theirs = cell.reported ? `${cell.reported.accuracy} (${cell.reported.source})` : "";
    const time = seconds > 0 ? `${Math.round(seconds)} s` : "";
    const stored = byteCount(evaluation.storedBytes);
    return [
      cell.dataset,
      cell.method,
      String(cell.ipc),
      net,
      ours + beside,
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
    "",
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
    "",
    `Made by \`npm run reproduce -- ${family.name}\` from the JSON files in \`${family.name}/\`; ${results.length} of ${family.cells.length} cells.`,
    "",
  ].join("\n");
}
