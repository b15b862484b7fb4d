import type { Row } from "../../rows/row.ts";
import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { valueText } from "../words.ts";
import { section } from "./section.ts";

/** The anchor of a cell's origins. */
export const cellId = (cell: string): string => `cell-${cell.replaceAll(/[^\w.-]/g, "_")}`;

/** How every number was made: command, key, machine, all values; folded away until it is asked for. */
export function origins(report: Report): Html {
  const cells = new Map<string, Row[]>();
  for (const row of report.source.rows) {
    const own = cells.get(row.cell);
    if (own) own.push(row);
    else cells.set(row.cell, [row]);
  }
  return section(
    "origins",
    "How each number was made",
    ...[...cells].map(([cell, rows]) => originOf(report, cell, rows)),
  );
}

function originOf({ source }: Report, cell: string, rows: readonly Row[]): Html {
  const first = rows.find(({ key }) => key !== null) ?? rows[0]!;
  const { key, parents, set, protocol_hash, commit, node, onnxruntime, device, threads, load, started, seconds } =
    first;
  const said: readonly (readonly [string, string | undefined])[] = [
    ["again", source.file ? `attar benchmark run ${source.file} --only "${cell}"` : undefined],
    ["job", key ?? undefined],
    ["made from", parents ?? undefined],
    ["set", set ?? undefined],
    ["protocol", protocol_hash ?? undefined],
    ["code", commit ? `commit ${commit}, Node ${node}, ONNX Runtime ${onnxruntime}` : undefined],
    [
      "machine",
      device ? `${device}, ${threads} threads, load ${load?.toFixed(1) ?? "unknown"} at the start` : undefined,
    ],
    ["when", started ? `${started}, ${seconds?.toFixed(1)} s` : undefined],
    [
      "claimed",
      first.claimed === null ? undefined : `${valueText(first.claimed, "fraction")} %: ${first.claimed_source}`,
    ],
  ];
  const values = new Map<string, string[]>();
  for (const { metric, value, unit, status, reason } of rows) {
    const text = value === null ? `${status}: ${reason ?? ""}` : valueText(value, unit);
    values.set(metric, [...(values.get(metric) ?? []), text]);
  }
  return tag(
    "details",
    { id: cellId(cell) },
    tag("summary", {}, cell),
    tag(
      "dl",
      {},
      ...[...said, ...[...values].map(([metric, all]) => [metric, all.join(", ")] as const)].flatMap(([name, text]) =>
        text === undefined ? [] : [tag("dt", {}, name), tag("dd", {}, text)],
      ),
    ),
  );
}
