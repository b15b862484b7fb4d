import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { placeText, valueText } from "../words.ts";
import { section, table } from "./section.ts";

/** What differs from the authors: figures that others claim beside ours, and what each method here does otherwise. */
export function departures(report: Report): Html | undefined {
  const { departures: own = new Map<string, readonly string[]>() } = report.source;
  const claims = report.figures.flatMap((figure) => {
    const { claimed, claimed_source } = figure.rows[0]!;
    if (claimed === null || figure.metric !== "accuracy") return [];
    const ours = figure.mean === undefined ? "–" : valueText(figure.mean, figure.unit);
    return [
      [
        figure.subject,
        placeText(figure.dataset, figure.ipc),
        ours,
        valueText(claimed, "fraction"),
        claimed_source ?? "",
      ],
    ];
  });
  const lists = report.subjects.flatMap((subject) => {
    const found = own.get(subject) ?? [];
    return found.length > 0 ? [tag("h3", {}, subject), tag("ul", {}, ...found.map((text) => tag("li", {}, text)))] : [];
  });
  if (claims.length === 0 && lists.length === 0) return undefined;
  return section(
    "departures",
    "What differs from the authors",
    claims.length > 0
      ? table("Accuracy, % : ours and as claimed", ["", "", "ours", "claimed", "where"], claims)
      : undefined,
    ...lists,
  );
}
