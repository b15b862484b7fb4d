import { measurementObjective } from "./measurementRows.ts";
import type { Row } from "./row.ts";
import { interval } from "./spread.ts";

/** A number that was there before, and what it is now. */
export interface Compared {
  readonly subject: string;
  readonly dataset: string;
  readonly ipc: number | null;
  readonly network: string | null;
  readonly protocol: string | null;
  readonly metric: string;
  readonly before: number;
  /** None where there is no number any more. */
  readonly now?: number;
  /** The least difference that counts. */
  readonly margin: number;
  readonly verdict: "same" | "better" | "worse" | "missing";
  /** Why there is no number. */
  readonly reason?: string;
}

/** Shares of samples differ by half a point, at least, before it counts; other numbers by a hundredth of what they were. */
const leastShare = 0.005;
const leastPart = 0.01;
/** Standard errors of the difference. */
const errors = 3;
/** Objectives that measure a machine: what it does is no regression of a method. */
const ofMachine = new Set([
  "seconds",
  "energy",
  "attack-efficiency",
  "robustness-efficiency-index",
  measurementObjective,
]);

/**
 * Holds rows against earlier ones: the mean over sets and networks of every number, by subject, dataset, size, network, protocol and
 * metric. A difference counts beyond three standard errors, and never below half a point of a share.
 */
export function compareRows(before: readonly Row[], now: readonly Row[]): readonly Compared[] {
  const later = grouped(now);
  return [...grouped(before)].flatMap(([name, rows]): Compared[] => {
    const old = valuesOf(rows);
    if (old.length === 0) return [];
    const { subject, dataset, ipc, network, protocol, metric, unit, better } = rows[0]!;
    const place = { subject, dataset, ipc, network, protocol, metric };
    const own = later.get(name) ?? [];
    const fresh = valuesOf(own);
    const then = interval(old);
    const least = unit === "fraction" ? leastShare : leastPart * Math.abs(then.mean);
    if (fresh.length === 0) {
      const reason = own.find((row) => row.reason !== null)?.reason ?? "it was not computed";
      return [{ ...place, before: then.mean, margin: least, verdict: "missing", reason }];
    }
    const today = interval(fresh);
    const margin = Math.max(errors * Math.hypot(then.error, today.error), least);
    const gain = (today.mean - then.mean) * (better === "higher" ? 1 : -1);
    const verdict = gain < -margin ? "worse" : gain > margin ? "better" : "same";
    return [{ ...place, before: then.mean, now: today.mean, margin, verdict }];
  });
}

function grouped(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (ofMachine.has(row.objective)) continue;
    const { subject, dataset, ipc, network, protocol, metric } = row;
    const name = JSON.stringify([subject, dataset, ipc, network, protocol, metric]);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

const valuesOf = (rows: readonly Row[]) =>
  rows.flatMap(({ value, status }) => (status === "ok" && value !== null ? [value] : []));
