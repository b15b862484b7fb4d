import { printable } from "./printable.ts";

export { shellWord } from "../engine/shellWord.ts";
export { byteCount, duration } from "./numbers.ts";

/** The options of a command's output: data on stdout, progress and log on stderr. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

/** Writes lines of data for a person to stdout, control characters written out. */
export function print(text: string): void {
  process.stdout.write(`${printable(text, "\n")}\n`);
}

/** Writes one line of data for a program to stdout: JSON, exactly as it is. */
export function printJson(value: unknown, indent?: number): void {
  process.stdout.write(`${JSON.stringify(value, null, indent)}\n`);
}

/** Writes one line of log to stderr, control characters written out. */
export function log(text: string, options: OutputOptions): void {
  if (!options.quiet) process.stderr.write(`${printable(text)}\n`);
}

/** A table of text with aligned columns. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => printable(cell)));
  const columns = Math.max(0, ...rows.map((r) => r.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((r) => (r[i] ?? "").length)));
  return rows
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The same rows as a Markdown table, aligned as a formatter leaves it; the first row is the heading. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((r) => r.map((cell) => printable(cell).replaceAll("|", "\\|")));
  const widths = cells[0]!.map((_, i) => Math.max(3, ...cells.map((r) => (r[i] ?? "").length)));
  const line = (r: readonly string[], fill = " ") =>
    `| ${widths.map((w, i) => (r[i] ?? "").padEnd(w, fill)).join(" | ")} |`;
  return [line(cells[0]!), line([], "-"), ...cells.slice(1).map((r) => line(r))].join("\n");
}

/** A text in lines of at most `width` characters, broken between words; a longer word has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
