import { told } from "../../explore/told.ts";
import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { section, table } from "./section.ts";

/** What an exploration of the axes found: which combination wins where, and what every choice did. */
export function exploration({ source: { places = [] } }: Report): Html | undefined {
  if (places.length === 0) return undefined;
  const parts = places
    .map(told)
    .flatMap(({ title, sentences, tables }) => [
      tag("h3", {}, title),
      tag("p", {}, sentences.join(" ")),
      ...tables.map(({ caption, head, rows }) => table(`${caption} (${title})`, head, rows)),
    ]);
  return section("axes", "The axes explored", ...parts);
}
