import { overlap } from "../../statistics/index.ts";
import type { Figure } from "../figures.ts";
import { type Html, tag } from "../html.ts";
import type { Block, Report } from "../report.ts";
import { countText, placeText, shortMetric, spreadText, valueText } from "../words.ts";
import { cellId } from "./origins.ts";
import { section, table } from "./section.ts";

/** The tables of figures: one a dataset, size and protocol; what is not worse than the best within the intervals is bold. */
export function figureTables(report: Report): Html {
  const parts = report.blocks.flatMap((block) =>
    (report.protocols.length > 0 ? report.protocols : [undefined]).map((protocol) =>
      figureTable(report, block, protocol),
    ),
  );
  return section(
    "figures",
    "Figures",
    tag(
      "p",
      {},
      "Each figure is a mean over sets of the means over networks; ± is a standard deviation over sets where there are several, else over networks. An arrow says which way is better. Bold figures are not told from the best one: their 95 % intervals meet. A figure leads to how it was made.",
    ),
    ...parts,
  );
}

interface Column {
  readonly metric: Report["metrics"][number];
  readonly network?: string;
}

function figureTable(report: Report, block: Block, protocol: string | undefined): Html {
  const columns: Column[] = report.leading.flatMap((metric) => {
    const ofNetworks = report.networks.filter((network) =>
      report.subjects.some(
        (subject) => report.find(subject, block, metric.metric, network, protocol)?.network === network,
      ),
    );
    return ofNetworks.length > 0 ? ofNetworks.map((network) => ({ metric, network })) : [{ metric }];
  });
  const at = (subject: string, { metric, network }: Column) =>
    report.find(subject, block, metric.metric, network, protocol);
  const whole = ({ metric, network }: Column) => report.reference(block.dataset, metric.metric, network);
  const best = columns.map((column) => bestOf(report.subjects.flatMap((subject) => at(subject, column) ?? [])));
  const main = columns.findIndex(({ metric }) => metric.metric === report.main?.metric);
  const order = [...report.subjects].sort((a, b) => rankOf(at(a, columns[main]!), at(b, columns[main]!)));
  const row = (subject: string, figures: readonly (Figure | undefined)[]) => [
    subject,
    ...figures.map((figure, i) => cellOf(figure, best[i])),
    figures[main] ? countText(figures[main]) : "",
  ];
  const references = columns.map(whole);
  const name = `${placeText(block.dataset, block.ipc)}${report.protocols.length > 1 ? `, protocol ${protocol}` : ""}`;
  return table(
    name,
    ["", ...columns.map(({ metric, network }) => `${shortMetric(metric)}${network ? ` ${network}` : ""}`), "of"],
    [
      ...order.map((subject) =>
        row(
          subject,
          columns.map((column) => at(subject, column)),
        ),
      ),
      ...(references.some(Boolean) ? [row("all training data", references)] : []),
    ],
  );
}

/** Better figures first, then those without a value. */
function rankOf(a: Figure | undefined, b: Figure | undefined): number {
  if (a?.mean === undefined || b?.mean === undefined)
    return (a?.mean === undefined ? 1 : 0) - (b?.mean === undefined ? 1 : 0);
  return a.better === "higher" ? b.mean - a.mean : a.mean - b.mean;
}

function bestOf(figures: readonly Figure[]): Figure | undefined {
  return [...figures].sort(rankOf).find(({ mean }) => mean !== undefined);
}

/** Tells whether a figure cannot be told from the best. */
const asGood = (figure: Figure, best: Figure): boolean =>
  figure.mean === best.mean || (figure.interval && best.interval ? overlap(figure.interval, best.interval) : false);

function cellOf(figure: Figure | undefined, best: Figure | undefined): Html | string {
  if (!figure) return "–";
  const href = `#${cellId(figure.rows[0]!.cell)}`;
  if (figure.mean === undefined) {
    const [state] = figure.reasons[0]!.split(":");
    return tag("td", { class: "none" }, tag("a", { href, title: figure.reasons.join("; ") }, state));
  }
  const text = `${valueText(figure.mean, figure.unit)}${spreadText(figure)}`;
  const link = tag("a", { href }, text);
  return tag("td", { "data-value": figure.mean }, best && asGood(figure, best) ? tag("b", {}, link) : link);
}
