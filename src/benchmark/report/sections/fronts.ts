import { scatterChart } from "../../../charts/index.ts";
import { derivationOf } from "../../derived/registry.ts";
import type { Html } from "../html.ts";
import type { Report } from "../report.ts";
import { axisText, metricText, spoken } from "../words.ts";
import { charts, section } from "./section.ts";

/** Pareto fronts: the main metric against each other one, a chart a dataset and metric. */
export function fronts(report: Report): Html | undefined {
  const { main } = report;
  if (!main) return undefined;
  const others = report.leading.filter(
    ({ metric, objective }) => metric !== main.metric && !derivationOf(objective)?.restates,
  );
  const datasets = [...new Set(report.blocks.map(({ dataset }) => dataset))];
  const drawn = datasets.flatMap((dataset) =>
    others.flatMap((other) => {
      const blocks = report.blocks.filter((block) => block.dataset === dataset);
      const series = report.subjects.flatMap((name) => {
        const points = blocks.flatMap((block) => {
          const [x, y] = [report.find(name, block, other.metric), report.find(name, block, main.metric)];
          if (x?.mean === undefined || y?.mean === undefined) return [];
          const across = x.interval && { xLow: x.interval.low, xHigh: x.interval.high };
          return [{ x: x.mean, y: y.mean, label: `${name}, ${block.ipc}`, ...y.interval, ...across }];
        });
        return points.length > 0 ? [{ name, points }] : [];
      });
      if (series.reduce((sum, { points }) => sum + points.length, 0) < 2) return [];
      const all = series.flatMap(({ points }) => points.map(({ x }) => x));
      const log = other.unit !== "fraction" && Math.min(...all) > 0 && Math.max(...all) > 20 * Math.min(...all);
      return [
        scatterChart({
          title: `${main.metric} and ${spoken(other.metric)}, ${dataset}`,
          subtitle: report.networks[0] ? `on ${report.networks[0]}` : undefined,
          notes: [
            "A label is the method and the images a class. Whiskers are 95 % intervals; the front goes by the means.",
          ],
          x: { title: metricText(other), log, format: axisText(other.unit) },
          y: { title: metricText(main), format: axisText(main.unit) },
          front: { x: other.better, y: main.better },
          series,
        }),
      ];
    }),
  );
  return drawn.length > 0 ? section("fronts", "What it costs: Pareto fronts", charts(...drawn)) : undefined;
}
