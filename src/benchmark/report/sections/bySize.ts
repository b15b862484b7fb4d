import { barChart, lineChart, type Reference } from "../../../charts/index.ts";
import type { Figure } from "../figures.ts";
import type { Html } from "../html.ts";
import type { Report } from "../report.ts";
import { axisText, metricText, placeText } from "../words.ts";
import { charts, section } from "./section.ts";

/** The main metric against images a class, a chart a dataset; bars where there is one size only. */
export function bySize(report: Report): Html | undefined {
  const { main, networks } = report;
  if (!main) return undefined;
  const axis = { title: metricText(main), format: axisText(main.unit) };
  const drawn = [...new Set(report.blocks.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const sizes = report.blocks.filter((block) => block.dataset === dataset);
    const at = (subject: string) =>
      sizes.flatMap((block) => report.find(subject, block, main.metric) ?? []).filter(known);
    const subtitle = networks[0] ? `on ${networks[0]}` : undefined;
    const notes = ["Whiskers are 95 % intervals."];
    const full = report.reference(dataset, main.metric);
    const references: Reference[] = full?.mean === undefined ? [] : [{ name: "all training data", value: full.mean }];
    if (sizes.length === 1) {
      const named = report.subjects.flatMap((subject) => at(subject).map((figure) => ({ subject, figure })));
      named.sort((a, b) =>
        main.better === "higher" ? b.figure.mean! - a.figure.mean! : a.figure.mean! - b.figure.mean!,
      );
      if (named.length === 0) return [];
      const title = placeText(dataset, sizes[0]!.ipc);
      const labels = [...named.map(({ subject }) => subject), ...references.map(({ name }) => name)];
      const values = [...named.map(({ figure }) => valueAt(figure)), ...references.map(({ value }) => ({ value }))];
      return [barChart({ title, subtitle, notes, axis, labels, series: [{ name: main.metric, values }] })];
    }
    const series = report.subjects.flatMap((name) => {
      const points = at(name).map((figure) => ({ x: figure.ipc!, y: figure.mean!, ...figure.interval }));
      return points.length > 0 ? [{ name, points }] : [];
    });
    if (series.length === 0) return [];
    const x = { title: "images a class", log: true, ticks: sizes.map(({ ipc }) => ipc) };
    return [lineChart({ title: dataset, subtitle, notes, x, y: axis, series, references })];
  });
  return drawn.length > 0 ? section("sizes", "What a number of images buys", charts(...drawn)) : undefined;
}

const known = ({ mean }: Figure) => mean !== undefined;

const valueAt = ({ mean, interval }: Figure) => ({ value: mean!, ...interval });
