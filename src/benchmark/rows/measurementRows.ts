import type { Made, Result } from "../store/result.ts";
import type { Row } from "./row.ts";

/**
 * The objective of rows that say what was measured of a cell's cost. No study asks for it: a study with a budget has them, so that
 * whoever goes on with it elsewhere gives every cell the steps that one machine measured.
 */
export const measurementObjective = "measurement";

/** What a measurement found, and the seconds that it took, wherever it was made. */
export type Measured = Pick<Result, "status" | "reason" | "values"> & { readonly made: Pick<Made, "seconds"> };

/** The seconds that a measurement finds, by the names that its result and its rows have for them. */
const found = {
  secondsPerStep: "measurement.step",
  startSeconds: "measurement.start",
  perEpoch: "measurement.epoch",
  beside: "measurement.network",
} as const;

type Numbers = Pick<Row, "objective" | "metric" | "unit" | "better" | "value" | "status" | "reason">;

const base = { objective: measurementObjective, unit: "s", better: "lower" } as const;

/** The rows of a measurement: seconds of a step and of a start; or of an epoch of a network, and of a network beside its epochs. */
export function measurementRows({ status, reason, values }: Measured): readonly Numbers[] {
  if (status === "diverged")
    return [{ ...base, metric: found.secondsPerStep, value: null, status, reason: reason ?? null }];
  return Object.entries(found).flatMap(([name, metric]) =>
    typeof values[name] === "number"
      ? [{ ...base, metric, value: values[name], status: "ok" as const, reason: null }]
      : [],
  );
}

/** What rows recorded of measurements, by the keys of their jobs. */
export function measuredBy(rows: readonly Row[]): ReadonlyMap<string, Measured> {
  const measured = new Map<string, Measured>();
  for (const { objective, key, metric, value, status, reason, seconds } of rows) {
    if (objective !== measurementObjective || key === null) continue;
    const made = { seconds: seconds ?? 0 };
    if (status === "diverged") {
      measured.set(key, { status, values: {}, made, ...(reason !== null && { reason }) });
      continue;
    }
    const [name] = Object.entries(found).find(([, own]) => own === metric) ?? [];
    if (name === undefined || value === null) continue;
    measured.set(key, { status: "ok", made, values: { ...measured.get(key)?.values, [name]: value } });
  }
  return measured;
}
