import type { Asked } from "../../src/studio/contract.ts";
import type { Pinned } from "./store.ts";

/** Runs beside one another: the settings in which they differ, and a line of words a run. */
export interface Comparison {
  readonly names: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Formats in which a comparison leaves the page. */
export const comparisonFormats = ["Markdown", "LaTeX", "CSV"] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];

const textOf = (asked: Asked, name: string): string =>
  String({ ...asked, ...asked.settings }[name as keyof Asked] ?? "as usual");

/** The names of settings, those alone in which runs differ or all of them. */
export function settingsOf(all: readonly Asked[], every = false): string[] {
  const names = new Set(all.flatMap((asked) => [...Object.keys(asked), ...Object.keys(asked.settings)]));
  names.delete("settings");
  return [...names].filter((name) => every || new Set(all.map((asked) => textOf(asked, name))).size > 1);
}

/** The comparison of some runs. @param every whether settings stand in it in which they do not differ */
export function comparisonOf(
  all: readonly Pick<Pinned, "id" | "asked" | "step" | "accuracies">[],
  every = false,
): Comparison {
  const settings = settingsOf(
    all.map(({ asked }) => asked),
    every,
  );
  return {
    names: ["run", ...settings, "step", "accuracy, %", "networks"],
    lines: all.map(({ id, asked, step, accuracies }) => [
      id,
      ...settings.map((name) => textOf(asked, name)),
      String(step),
      accuracies.length > 0 ? (100 * mean(accuracies)).toFixed(1) : "",
      String(accuracies.length),
    ]),
  };
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** A comparison as text of a format. */
export function comparisonText({ names, lines }: Comparison, format: ComparisonFormat): string {
  if (format === "CSV") return [names, ...lines].map((line) => `${line.map(csvCell).join(",")}\n`).join("");
  if (format === "Markdown") {
    const row = (line: readonly string[]) => `| ${line.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
    return row(names) + row(names.map(() => "---")) + lines.map(row).join("");
  }
  const row = (line: readonly string[]) => `  ${line.map(latexCell).join(" & ")} \\\\\n`;
  return `\\begin{tabular}{l${"r".repeat(names.length - 1)}}\n  \\hline\n${row(names)}  \\hline\n${lines.map(row).join("")}  \\hline\n\\end{tabular}\n`;
}

const csvCell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const latexSigns: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};
const latexCell = (text: string) => text.replaceAll(/[\\~^&%$#_{}]/g, (sign) => latexSigns[sign] ?? `\\${sign}`);
