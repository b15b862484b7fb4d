import { badData } from "../badData.ts";

/** A CSV table of numeric columns and one label column. */
export interface LabelledTable {
  /** Names of the numeric columns; empty where the file has no header. */
  readonly columns: readonly string[];
  /** [rows, features], row-major. */
  readonly values: Float32Array;
  readonly features: number;
  /** The label column's text, one a row. */
  readonly labels: readonly string[];
}

const labelNames = new Set(["label", "labels", "class", "target", "y"]);

/**
 * Reads a CSV with numeric features and one label column: the one whose header is label, class, target or y, else the
 * last. A first line with any non-numeric feature is the header. Commas, semicolons or tabs; fields may be quoted.
 *
 * @throws AttarError "bad-data" naming line and column: a missing, non-numeric, NaN or infinite value, uneven rows
 */
export function parseCsv(text: string, where: string): LabelledTable {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  if (lines.length === 0) throw badData(where, "the CSV is empty");
  const separator = [",", ";", "\t"].find((s) => lines[0]!.includes(s));
  if (!separator) throw badData(where, "line 1 has one column, a CSV needs features and a label");
  const first = fields(lines[0]!, separator);
  const named = first.findIndex((f) => labelNames.has(f.trim().toLowerCase()));
  const header = named >= 0 || first.slice(0, -1).some((f) => f.trim() !== "" && Number.isNaN(Number(f)) && !isNan(f));
  const width = first.length;
  const labelAt = named >= 0 ? named : width - 1;
  const rows = lines.length - (header ? 1 : 0);
  if (rows === 0) throw badData(where, "the CSV has a header and no rows");
  const features = width - 1;
  const values = new Float32Array(rows * features);
  const labels: string[] = [];
  for (let row = 0; row < rows; row++) {
    const line = row + (header ? 2 : 1);
    const cells = fields(lines[line - 1]!, separator);
    if (cells.length !== width) throw badData(where, `line ${line} has ${cells.length} columns, line 1 has ${width}`);
    let at = row * features;
    for (let column = 0; column < width; column++) {
      const cell = cells[column]!.trim();
      if (column === labelAt) {
        if (cell === "" || isNan(cell)) throw badData(where, `line ${line} has no label (column ${column + 1})`);
        labels.push(cell);
        continue;
      }
      const value = cell === "" ? Number.NaN : Number(cell);
      if (!Number.isFinite(Math.fround(value)))
        throw badData(
          where,
          `line ${line}, column ${column + 1}${header ? ` (${first[column]!.trim()})` : ""}: ${cell === "" ? "a missing value" : `"${cell.slice(0, 40)}"`} is not a finite number`,
          "Fill in or drop rows with missing values first.",
        );
      values[at++] = value;
    }
  }
  const columns = header ? first.filter((_, i) => i !== labelAt).map((c) => c.trim()) : [];
  return { columns, values, features, labels };
}

const isNan = (cell: string) => /^\s*[+-]?(nan|inf|infinity|null|na|none|\?)\s*$/i.test(cell);

function fields(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const out: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '"') {
      if (quoted && line[i + 1] === '"') {
        cell += c;
        i++;
      } else quoted = !quoted;
    } else if (c === separator && !quoted) {
      out.push(cell);
      cell = "";
    } else cell += c;
  }
  out.push(cell);
  return out;
}
