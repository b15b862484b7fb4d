import type { PlannedCell } from "../plan/plan.node.ts";
import type { Result } from "../store/result.ts";
import { blank, provenanceOf } from "./blank.ts";
import { measurementObjective, measurementRows } from "./measurementRows.ts";
import type { Row } from "./row.ts";

/** The rows of a cell that measures what others' steps follow from. */
export function measurementOf(
  study: string,
  { job, taken, probe }: PlannedCell,
  results: ReadonlyMap<string, Result>,
): Row[] {
  if (taken) return taken.filter(({ objective }) => objective === measurementObjective);
  const result = job && results.get(job.key);
  if (!probe || !result) return [];
  const { name, subject, dataset, ipc } = probe;
  const place = { cell: name, subject, dataset: dataset.label, checksum: dataset.info?.checksum ?? null, ipc };
  const base = { ...blank, study, ...place, key: result.key, ...provenanceOf(result) };
  return measurementRows(result).map((numbers) => ({ ...base, ...numbers }));
}
