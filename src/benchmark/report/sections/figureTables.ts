import { type FigureGrid, figureGrids } from "../figureGrid.ts";
import type { Figure } from "../figures.ts";
import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { spreadText, valueText } from "../words.ts";
import { cellId } from "./origins.ts";
import { section, table } from "./section.ts";

/** The tables of figures: one a dataset, size and protocol; what is not worse than the best within the intervals is bold. */
export function figureTables(report: Report): Html {
  return section(
    "figures",
    "Figures",
    tag(
      "p",
      {},
      "Each figure is a mean over sets of the means over networks; ± is a standard deviation over sets where there are several, else over networks. An arrow says which way is better. Bold figures are not told from the best one: their 95 % intervals meet. A figure leads to how it was made.",
    ),
    ...figureGrids(report).map((grid) =>
      table(
        grid.title,
        ["", ...grid.columns, "of"],
        grid.rows.map(({ subject, figures, of }) => [
          subject,
          ...figures.map((figure, i) => cellOf(figure, grid, i)),
          of,
        ]),
      ),
    ),
  );
}

function cellOf(figure: Figure | undefined, grid: FigureGrid, column: number): Html | string {
  if (!figure) return "–";
  const href = `#${cellId(figure.rows[0]!.cell)}`;
  if (figure.mean === undefined) {
    const [state] = figure.reasons[0]!.split(":");
    return tag("td", { class: "none" }, tag("a", { href, title: figure.reasons.join("; ") }, state));
  }
  const text = `${valueText(figure.mean, figure.unit)}${spreadText(figure)}`;
  const link = tag("a", { href }, text);
  return tag("td", { "data-value": figure.mean }, grid.isBest(figure, column) ? tag("b", {}, link) : link);
}
