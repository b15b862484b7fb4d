import { badData } from "../badData.ts";

/** A column of an ARFF table. */
export interface ArffAttribute {
  readonly name: string;
  /** The levels of a nominal attribute; undefined for any other kind. */
  readonly levels?: readonly string[];
}

/** A table in Weka's format: its attributes, and the cells of each row with the line that it stands on. */
export interface ArffTable {
  readonly attributes: readonly ArffAttribute[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly (string | undefined)[] }[];
}

const word = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const attributeLine = new RegExp(String.raw`^@attribute\s+(${word}|[^\s{]+)\s*(\{.*\}|\S+.*)$`, "is");

/**
 * Reads ARFF: `@attribute` lines, then `@data` with a row a line, dense or sparse (`{1 x, 4 2.5}`). `?` is a missing value, `%`
 * begins a comment, names and values may stand between quotes.
 *
 * @throws AttarError "bad-data" naming line and attribute
 */
export function parseArff(text: string, where: string): ArffTable {
  const attributes: ArffAttribute[] = [];
  const rows: { line: number; cells: (string | undefined)[] }[] = [];
  let data = false;
  for (const [i, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const own = raw.trim();
    if (own === "" || own.startsWith("%")) continue;
    if (data) rows.push({ line: i + 1, cells: cellsOf(own, i + 1, attributes, where) });
    else if (/^@data\b/i.test(own)) data = true;
    else if (/^@attribute\b/i.test(own)) attributes.push(attributeOf(own, i + 1, where));
    else if (!/^@relation\b/i.test(own))
      throw badData(where, `line ${i + 1}: "${own.slice(0, 40)}" is not expected above @data`, headerHint);
  }
  if (attributes.length === 0 || !data)
    throw badData(where, `has no ${data ? "@attribute" : "@data"} line`, headerHint);
  return { attributes, rows };
}

const headerHint = "An ARFF file has @relation, an @attribute line a column, and @data above its rows.";

function attributeOf(line: string, number: number, where: string): ArffAttribute {
  const [, name, kind] = attributeLine.exec(line) ?? [];
  if (name === undefined || kind === undefined)
    throw badData(where, `line ${number}: "${line.slice(0, 40)}" does not name a column and its kind`, headerHint);
  if (/^relational\b/i.test(kind))
    throw badData(where, `line ${number}: relational attributes are not read`, "Save its table as a file of its own.");
  if (!kind.startsWith("{")) return { name: unquoted(name) };
  return { name: unquoted(name), levels: split(kind.slice(1, -1)).map(unquoted) };
}

function cellsOf(
  line: string,
  number: number,
  attributes: readonly ArffAttribute[],
  where: string,
): (string | undefined)[] {
  const cells = line.startsWith("{") ? sparse(line, number, attributes, where) : split(line);
  // Behind the values there may be a weight of the row.
  const weighted = cells.length === attributes.length + 1 && /^\{.*\}$/.test(cells.at(-1)!);
  if (cells.length - Number(weighted) !== attributes.length)
    throw badData(
      where,
      `line ${number} has ${cells.length} values, the header names ${attributes.length} attributes`,
      "Each row has a value for each attribute, ? where there is none.",
    );
  return attributes.map(({ name, levels }, column) => {
    const cell = cells[column]!;
    if (cell === "?") return undefined;
    const value = unquoted(cell);
    if (!levels || levels.includes(value)) return value;
    throw badData(
      where,
      `line ${number}, attribute ${column + 1} (${name.slice(0, 40)}): "${value.slice(0, 40)}" is none of its ${levels.length} levels`,
      "Mend the value, or add it to the levels in the header.",
    );
  });
}

/** The values of a sparse row; what it leaves out is 0, or the first level. */
function sparse(line: string, number: number, attributes: readonly ArffAttribute[], where: string): string[] {
  const cells = attributes.map(({ levels }) => levels?.[0] ?? "0");
  for (const entry of split(/^\{([^}]*)\}/.exec(line)?.[1] ?? "").filter((text) => text !== "")) {
    const [, at, value] = /^(\d+)\s+(.*)$/s.exec(entry) ?? [];
    if (at === undefined || value === undefined || Number(at) >= attributes.length)
      throw badData(where, `line ${number}: "${entry.slice(0, 40)}" is no attribute's number and value`, headerHint);
    cells[Number(at)] = value;
  }
  return cells;
}

/** Values between commas, those in quotes left whole. */
function split(text: string): string[] {
  const out: string[] = [];
  let [from, quote] = [0, ""];
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (quote) {
      if (c === "\\") at++;
      else if (c === quote) quote = "";
    } else if ((c === "'" || c === '"') && text.slice(from, at).trim() === "") quote = c;
    else if (c === "," || (c === "\t" && !text.includes(","))) {
      out.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...out, text.slice(from).trim()];
}

const unquoted = (text: string): string =>
  /^(['"]).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1).replace(/\\(.)/g, "$1") : text;
