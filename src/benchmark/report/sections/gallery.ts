import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { placeText } from "../words.ts";
import { section } from "./section.ts";

/** The sets themselves, those of one dataset and size side by side. */
export function gallery(report: Report): Html | undefined {
  const { pictures } = report.source;
  if (!pictures || pictures.size === 0) return undefined;
  const parts = report.blocks.flatMap(({ dataset, ipc }) => {
    const seen = new Set<string>();
    const shown = report.source.rows.flatMap(({ subject, set, seed, ...row }) => {
      const address = set === null ? undefined : pictures.get(set);
      if (row.dataset !== dataset || row.ipc !== ipc || !address || seen.has(subject)) return [];
      seen.add(subject);
      const alt = `the condensed images of ${subject}, a row a class`;
      return [tag("figure", {}, tag("img", { src: address, alt }), tag("figcaption", {}, `${subject}, seed ${seed}`))];
    });
    return shown.length > 0 ? [tag("h3", {}, placeText(dataset, ipc)), tag("div", { class: "gallery" }, ...shown)] : [];
  });
  return parts.length > 0 ? section("images", "The images", ...parts) : undefined;
}
