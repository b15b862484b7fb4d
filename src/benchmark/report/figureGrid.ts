import { overlap } from "../statistics/index.ts";
import type { Figure } from "./figures.ts";
import type { Block, Report } from "./report.ts";
import { countText, placeText, shortMetric } from "./words.ts";

interface Column {
  readonly metric: Report["metrics"][number];
  readonly network?: string;
}

/** The figures of a dataset, a size and a protocol: a row a subject, the best by the main metric first, a column a metric and network. */
export interface FigureGrid {
  /** The place, and the protocol where there are several. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly subject: string;
    readonly figures: readonly (Figure | undefined)[];
    /** What the deviations of the main figure are over. */
    readonly of: string;
  }[];
  /** Tells whether a figure cannot be told from the best of its column: their 95 % intervals meet. */
  isBest(figure: Figure, column: number): boolean;
}

/** The grids of a report, one a dataset, size and protocol that a figure is of. */
export const figureGrids = (report: Report): readonly FigureGrid[] =>
  report.blocks.flatMap((block) => {
    const { dataset, ipc } = block;
    const own = report.figures.filter((one) => one.dataset === dataset && one.ipc === ipc);
    const protocols = report.protocols.filter((protocol) => own.some((one) => one.protocol === protocol));
    return (protocols.length > 0 ? protocols : [undefined]).map((protocol) => gridOf(report, block, protocol));
  });

function gridOf(report: Report, block: Block, protocol: string | undefined): FigureGrid {
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
  const best = columns.map((column) => bestOf(report.subjects.flatMap((subject) => at(subject, column) ?? [])));
  const main = columns.findIndex(({ metric }) => metric.metric === report.main?.metric);
  const order = [...report.subjects].sort((a, b) => rankOf(at(a, columns[main]!), at(b, columns[main]!)));
  const row = (subject: string, figures: readonly (Figure | undefined)[]) => ({
    subject,
    figures,
    of: figures[main] ? countText(figures[main]) : "",
  });
  const references = columns.map(({ metric, network }) => report.reference(block.dataset, metric.metric, network));
  return {
    title: `${placeText(block.dataset, block.ipc)}${report.protocols.length > 1 ? `, protocol ${protocol}` : ""}`,
    columns: columns.map(({ metric, network }) => `${shortMetric(metric)}${network ? ` ${network}` : ""}`),
    rows: [
      ...order.map((subject) =>
        row(
          subject,
          columns.map((column) => at(subject, column)),
        ),
      ),
      ...(references.some(Boolean) ? [row("all training data", references)] : []),
    ],
    isBest: (figure, column) => best[column] !== undefined && asGood(figure, best[column]),
  };
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
