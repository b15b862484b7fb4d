import type { CondensedSet } from "./dataset.ts";
import { decodeTable } from "./table/decode.ts";
import { preparationFor } from "./table/preparationFor.ts";

/**
 * The rows of a condensed table as a CSV with a header, in the columns and units of the table that it was made from, the label or
 * the numbers to predict among them. A missing value is an empty cell. Where the set keeps no columns, features are `feature1`
 * and so on, and the label stands last.
 */
export function encodeCsv(set: CondensedSet): Uint8Array {
  const columns = decodeTable(set, preparationFor(set));
  const header = columns.map(({ name }) => quoted(name)).join(",");
  const lines = Array.from(set.labels, (_, i) =>
    columns.map(({ cells }) => (cells[i] === null ? "" : quoted(String(cells[i])))).join(","),
  );
  return new TextEncoder().encode([header, ...lines, ""].join("\n"));
}

/** A cell, between quotes where it holds what separates cells or starts a comment. */
const quoted = (text: string) => (/[",\n\r]|^#|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
