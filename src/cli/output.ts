import { AttarError } from "../engine/index.ts";

/** How a command talks: data on stdout, progress and log on stderr. */
export interface OutputOptions {
  json?: boolean;
  quiet?: boolean;
}

/** True where progress may be animated. */
const animated = (): boolean => Boolean(process.stderr.isTTY) && process.env.TERM !== "dumb";
const coloured = (): boolean => animated() && !process.env.NO_COLOR;

/** Writes one line of data to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes one line of log to stderr. */
export function log(text: string, options: OutputOptions): void {
  if (!options.quiet) process.stderr.write(`${text}\n`);
}

/** A progress line: redrawn in place on a terminal, every ten seconds elsewhere. */
export class Progress {
  private last = 0;
  private readonly started = performance.now();
  constructor(private readonly options: OutputOptions) {}

  show(done: number, total: number, note: string): void {
    if (this.options.quiet) return;
    const now = performance.now();
    const every = animated() ? 100 : 10_000;
    if (now - this.last < every && done < total) return;
    this.last = now;
    const seconds = (now - this.started) / 1000;
    const rate = done / seconds;
    const left = rate > 0 ? Math.round((total - done) / rate) : 0;
    const bar = animated() ? `${"━".repeat(Math.round((24 * done) / total)).padEnd(24, "╌")} ` : "";
    const line = `${bar}${done}/${total}  ${note}  ${rate.toFixed(rate < 10 ? 2 : 0)}/s  ${left} s left`;
    process.stderr.write(animated() ? `\r\x1b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (!this.options.quiet && animated()) process.stderr.write("\r\x1b[K");
  }
}

/** A table of text with aligned columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => (r[i] ?? "").length)));
  return rows
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Prints an error as one sentence and what to do next, and returns the exit code. */
export function report(error: unknown, options: OutputOptions): number {
  const known = error instanceof AttarError ? error : undefined;
  const interrupted = error instanceof Error && error.name === "AbortError";
  const message =
    known?.message ?? (interrupted ? "interrupted" : error instanceof Error ? error.message : String(error));
  const hint = known?.hint ?? "";
  if (options.json) print(JSON.stringify({ error: { code: known?.code ?? "failed", message, hint } }));
  else {
    const red = coloured() ? ["\x1b[31m", "\x1b[0m"] : ["", ""];
    process.stderr.write(`${red[0]}attar: ${message}${red[1]}${hint ? `\n  → ${hint}` : ""}\n`);
  }
  if (process.env.ATTAR_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return known?.exitCode ?? (interrupted ? 4 : 1);
}
