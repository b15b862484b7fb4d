import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { leftText } from "../words.ts";
import { section, table } from "./section.ts";

/** Cells without a number, each with its reason, and those that are not computed yet: none is left blank. */
export function gaps({ source }: Report): Html | undefined {
  const found = new Map<string, readonly string[]>();
  for (const { cell, status, reason, metric, value } of source.rows)
    if (value === null) {
      const key = status === "absent" ? `${status} ${metric} ${reason}` : `${status} ${cell}`;
      if (!found.has(key)) found.set(key, [status === "absent" ? metric : cell, status, reason ?? ""]);
    }
  const { left = [] } = source;
  if (found.size === 0 && left.length === 0) return undefined;
  return section(
    "gaps",
    "What there is no number for",
    found.size > 0
      ? table("Cells and their reasons", ["", "what became of it", "why"], [...found.values()])
      : undefined,
    ...(left.length > 0
      ? [tag("p", {}, "Not computed yet:"), tag("ul", {}, ...left.map((one) => tag("li", {}, leftText(one))))]
      : []),
  );
}
