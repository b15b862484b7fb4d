import type { Row } from "../rows/row.ts";
import { type FigureGrid, figureGrids } from "./figureGrid.ts";
import type { Figure } from "./figures.ts";
import { Report, type ReportSource } from "./report.ts";
import { leftText, spreadText, valueText } from "./words.ts";

/**
 * The tables of a report as Markdown: what a reader needs to know, a table a dataset, size and protocol, why some figures are missing, and what
 * all were made with. A function of its source: equal rows give equal bytes.
 */
export function reportMarkdown(source: ReportSource): string {
  const report = new Report(source);
  const { title, notes = [], file, rows, left = [] } = source;
  const grids = figureGrids(report).filter((grid) => grid.rows.some(({ figures }) => figures.some(Boolean)));
  const missing = reasonsIn(grids);
  return `${[
    `# ${title}`,
    [
      ...notes,
      "Each figure is a mean over sets of the means over networks; ± is a standard deviation over sets where there are several, else over networks. An arrow says which way is better. Bold figures are not told from the best one: their 95 % intervals meet.",
    ]
      .map((note) => `- ${note}`)
      .join("\n"),
    ...grids.map((grid) => `## ${grid.title}\n\n${tableOf(grid)}`),
    ...(missing.length > 0 ? [`## Without a figure\n\n${missing.map((line) => `- ${line}`).join("\n")}`] : []),
    ...(left.length > 0 ? [`## Not computed yet\n\n${left.map((one) => `- ${leftText(one)}`).join("\n")}`] : []),
    madeWith(rows, file),
  ].join("\n\n")}\n`;
}

function tableOf(grid: FigureGrid): string {
  const shown = grid.columns.map((_, i) => grid.rows.some(({ figures }) => figures[i] !== undefined));
  const own = <T>(all: readonly T[]) => all.filter((_, i) => shown[i]);
  const scored = grid.rows.filter(({ figures }) => figures.some((figure) => figure && figure.protocol !== null));
  // Where networks are trained, a set that none was trained on has no row.
  const rows = scored.length > 0 ? scored : grid.rows.filter(({ figures }) => figures.some(Boolean));
  const claims = rows.map(({ figures }) => claimOf(figures));
  const claimed = claims.some(Boolean) ? ["claimed, %"] : [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = ["", ...own(grid.columns), ...claimed, "of"];
  return [
    line(head),
    line(head.map(() => "---")),
    ...rows.map(({ subject, figures, of }, r) => {
      const cells = own(figures.map((figure, i) => cellOf(figure, grid, i)));
      return line([subject, ...cells, ...claimed.map(() => claims[r] ?? "–"), of]);
    }),
  ].join("\n");
}

/** What others published for a set, and where. */
function claimOf(figures: readonly (Figure | undefined)[]): string | undefined {
  const row = figures.flatMap((figure) => figure?.rows ?? []).find(({ claimed }) => claimed !== null);
  return row && `${valueText(row.claimed!, "fraction")} (${row.claimed_source})`;
}

function cellOf(figure: Figure | undefined, grid: FigureGrid, column: number): string {
  if (!figure) return "–";
  if (figure.mean === undefined) return figure.reasons[0]!.split(":")[0]!;
  const text = `${valueText(figure.mean, figure.unit)}${spreadText(figure)}`;
  return grid.isBest(figure, column) ? `**${text}**` : text;
}

/** The reasons of figures that are missing, each with the subjects that it is of. */
function reasonsIn(grids: readonly FigureGrid[]): readonly string[] {
  const found = new Map<string, Set<string>>();
  for (const { title, rows } of grids)
    for (const { subject, figures } of rows)
      for (const figure of figures)
        if (figure && figure.mean === undefined)
          for (const reason of figure.reasons) {
            const places = found.get(reason) ?? new Set();
            found.set(reason, places.add(`${subject} (${title})`));
          }
  return [...found].map(([reason, places]) => `${[...places].join(", ")}: ${reason.replace(/^[\w-]+: /, "")}`);
}

/** The commits, machines and budgets of the rows that have a number. */
function madeWith(rows: readonly Row[], file: string | undefined): string {
  const numbers = rows.filter(({ value }) => value !== null);
  const unique = (of: (row: Row) => string | null | undefined) => [...new Set(numbers.flatMap((row) => of(row) ?? []))];
  const commits = unique(({ commit }) => commit?.slice(0, 7));
  const machines = unique(
    ({ device, threads }) => device && `${device}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
  );
  const budgets = unique(({ budget }) => (budget ? `${budget} s` : null));
  return [
    `${numbers.length} numbers`,
    ...(commits.length > 0 ? [`of ${commits.length === 1 ? "commit" : "commits"} ${commits.join(", ")}`] : []),
    ...(machines.length > 0 ? [`made on ${machines.join("; ")}`] : []),
    ...(budgets.length > 0 ? [`within ${budgets.join(", ")} a cell`] : []),
    ...(file ? [`by \`attar benchmark run ${file}\``] : []),
  ]
    .join(", ")
    .concat(".");
}
