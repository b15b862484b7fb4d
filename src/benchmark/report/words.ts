import { percent, short } from "../../charts/index.ts";
import type { Figure } from "./figures.ts";
import type { Left } from "./report.ts";

/** A value in its unit, as tables have it: fractions in per cent. */
export function valueText(value: number, unit: string): string {
  if (unit === "fraction") return (100 * value).toFixed(1);
  if (unit === "bytes" || unit === "multiply-adds") return short(value);
  if (unit === "s" || unit === "J") return `${short(value)} ${unit}`;
  return Math.abs(value) >= 100 || value === 0 ? short(value) : String(Number(value.toPrecision(3)));
}

/** The deviation that stands behind a figure: over sets where there are several, else over networks. */
export function spreadText({ mean, spread, unit }: Pick<Figure, "mean" | "spread" | "unit">): string {
  const over = spread.sets ?? spread.networks;
  // Equal values differ from their mean by its rounding.
  return over === undefined || over <= 1e-12 * Math.abs(mean ?? 0) ? "" : ` ± ${valueText(over, unit)}`;
}

/** What a figure's ± is of, and how many there were. */
export function countText({ sets, networks, spread }: Figure): string {
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const all =
    networks > sets.length ? `${count(networks, "network")}, ${count(sets.length, "set")}` : count(sets.length, "set");
  return spread.sets !== undefined
    ? `${all}; ± over sets`
    : spread.networks !== undefined
      ? `${all}; ± over networks`
      : all;
}

/** A metric's name in words; one with settings, such as "apgd-ce:linf,0.05", as it is typed. */
export const spoken = (metric: string): string => (metric.includes(":") ? metric : metric.replaceAll(/[-.]/g, " "));

/** A metric's name with its unit: "worst class, %". */
const named = ({ metric, unit }: Pick<Figure, "metric" | "unit">): string => {
  const own = unit === "fraction" ? ", %" : unit === "" || metric.startsWith(unit) ? "" : `, ${unit}`;
  return `${spoken(metric)}${own}`;
};

/** A metric with which way is better, in words. */
export const metricText = (metric: Pick<Figure, "metric" | "unit" | "better">): string =>
  `${named(metric)} (${metric.better} is better)`;

/** A metric with which way is better, as an arrow. */
export const shortMetric = (metric: Pick<Figure, "metric" | "unit" | "better">): string =>
  `${named(metric)} ${metric.better === "higher" ? "↑" : "↓"}`;

/** Text of a value on a chart's axis. */
export const axisText = (unit: string): ((value: number) => string) => (unit === "fraction" ? percent : short);

/** A place: dataset and images a class. */
export const placeText = (dataset: string, ipc: number | null): string =>
  ipc === null
    ? `${dataset}, all of the training data`
    : `${dataset}, ${ipc} ${ipc === 1 ? "image" : "images"} a class`;

/** Sets that are not computed yet, by place. */
export const leftText = ({ dataset, ipc, subjects, sets, of }: Left): string =>
  `${placeText(dataset, ipc)}: ${sets === of ? `all ${of} sets` : `${sets} of ${of} sets, ${subjects.join(", ")}`}`;
