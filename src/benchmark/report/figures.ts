import type { Row } from "../rows/row.ts";
import { deviation, type Interval, mean, studentInterval } from "../statistics/index.ts";

/** A metric of a set, or of all seeds' sets, on networks of one architecture under one protocol: what a table's cell shows. */
export interface Figure {
  readonly subject: string;
  readonly dataset: string;
  /** Images a class; null of the whole training split. */
  readonly ipc: number | null;
  readonly network: string | null;
  readonly protocol: string | null;
  readonly objective: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  /** The mean over sets of the means over networks; undefined where no set has a value. */
  readonly mean: number | undefined;
  /** The mean of each set over its networks, by seed. */
  readonly sets: readonly number[];
  /** Networks of all sets. */
  readonly networks: number;
  /** The standard deviation over sets, and that over a set's networks in the mean; undefined of fewer than two. */
  readonly spread: { readonly sets: number | undefined; readonly networks: number | undefined };
  /** Student's interval of 95 % for the mean: over sets where there are several, else over networks. */
  readonly interval: Interval | undefined;
  /** Why there is no value, or not of all sets. */
  readonly reasons: readonly string[];
  /** Everything that the figure was made from. */
  readonly rows: readonly Row[];
}

/** The identity of a figure, as text. */
export const figureKey = (row: Pick<Row, "subject" | "dataset" | "ipc" | "network" | "protocol" | "metric">): string =>
  JSON.stringify([row.subject, row.dataset, row.ipc, row.network, row.protocol, row.metric]);

/** The figures of rows, in the order in which rows name them first. A missing value is a reason, never a smaller mean of what is there. */
export function figuresOf(rows: readonly Row[]): readonly Figure[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = figureKey(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map(figureOf);
}

/**
 * The rows that a figure is of. What a study leaves out of some seeds was refused before anything was computed: the others' mean is
 * whole without it.
 */
const askedOf = (rows: readonly Row[]): readonly Row[] =>
  rows.some(({ value }) => value !== null) ? rows.filter(({ status }) => status !== "refused") : rows;

function figureOf(all: readonly Row[]): Figure {
  const rows = askedOf(all);
  const [first] = rows as [Row];
  const bySet = new Map<string, number[]>();
  for (const { seed, value } of rows)
    if (value !== null) bySet.set(String(seed), [...(bySet.get(String(seed)) ?? []), value]);
  const each = [...bySet.values()];
  const sets = each.map(mean);
  const within = each.filter(({ length }) => length > 1).map(deviation);
  const complete = rows.every(({ value }) => value !== null);
  const many = sets.length > 1 ? sets : (each[0] ?? []);
  const { subject, dataset, ipc, network, protocol, objective, metric, better } = first;
  return {
    ...{ subject, dataset, ipc, network, protocol, objective, metric, better },
    unit: rows.find(({ unit }) => unit !== "")?.unit ?? "",
    mean: complete && sets.length > 0 ? mean(sets) : undefined,
    sets,
    networks: each.reduce((sum, { length }) => sum + length, 0),
    spread: {
      sets: sets.length > 1 ? deviation(sets) : undefined,
      networks: within.length > 0 ? mean(within) : undefined,
    },
    interval: many.length > 1 ? studentInterval(many) : undefined,
    reasons: [
      ...new Set(rows.flatMap(({ value, status, reason }) => (value === null ? `${status}: ${reason ?? ""}` : []))),
    ],
    rows,
  };
}
