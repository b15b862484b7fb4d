import type { Html } from "../html.ts";
import type { Report } from "../report.ts";
import { section, table } from "./section.ts";

/** Cells without a number, each with its reason: none is left blank. */
export function gaps({ source }: Report): Html | undefined {
  const found = new Map<string, readonly string[]>();
  for (const { cell, status, reason, metric, value } of source.rows)
    if (value === null) {
      const key = status === "absent" ? `${status} ${metric} ${reason}` : `${status} ${cell}`;
      if (!found.has(key)) found.set(key, [status === "absent" ? metric : cell, status, reason ?? ""]);
    }
  if (found.size === 0) return undefined;
  return section(
    "gaps",
    "What there is no number for",
    table("Cells and their reasons", ["", "what became of it", "why"], [...found.values()]),
  );
}
