import { badData } from "../data/badData.ts";
import type { StudyCell, StudyFacts } from "./contract.ts";

/** A row of a study as far as its table needs it. */
interface TableRow {
  readonly subject: string;
  readonly dataset: string;
  readonly ipc: number | null;
  readonly metric: string;
  readonly value: number;
}

const metric = "accuracy";

/**
 * The accuracies of a study's rows: a line a method, a column a dataset and number of images a class. Rows of all networks and seeds of a
 * cell count alike.
 *
 * @throws AttarError "bad-data" where there is no row of an accuracy
 */
export function studyOf(id: string, text: string): StudyFacts {
  const cells = new Map<string, Map<string, number[]>>();
  const columns = new Map<string, TableRow>();
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = rowOf(line, `${id}, line ${i + 1}`);
    if (!row) continue;
    const column = row.ipc === null ? row.dataset : `${row.dataset}, ${row.ipc} a class`;
    columns.set(column, row);
    const own = cells.get(row.subject) ?? new Map<string, number[]>();
    cells.set(row.subject, own);
    own.set(column, [...(own.get(column) ?? []), row.value]);
  }
  if (cells.size === 0) throw badData(id, `holds no row of ${metric}`, "Choose the rows of a study that was run.");
  const order = [...columns]
    .sort(([, a], [, b]) => (a.dataset === b.dataset ? (a.ipc ?? 0) - (b.ipc ?? 0) : a.dataset < b.dataset ? -1 : 1))
    .map(([name]) => name);
  return {
    id,
    metric,
    columns: order,
    rows: [...cells]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([method, own]) => ({ method, values: order.map((name) => cellOf(own.get(name))) })),
  };
}

function cellOf(values: readonly number[] | undefined): StudyCell | undefined {
  if (!values) return undefined;
  const count = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, count };
}

/** A row of accuracy on the study's own networks; undefined of any other. */
function rowOf(line: string, where: string): TableRow | undefined {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line);
  } catch {
    throw badData(where, "is no row of JSON", "Write the rows again: attar benchmark rows STUDY --out rows.ndjson");
  }
  const { subject, dataset, ipc, metric: name, value, status } = row;
  if (name !== metric || status !== "ok" || typeof value !== "number") return undefined;
  if (typeof subject !== "string" || typeof dataset !== "string") return undefined;
  return { subject, dataset, ipc: typeof ipc === "number" ? ipc : null, metric, value };
}
