import { type Html, joined, markup, tag } from "./html.ts";
import { Report, type ReportSource } from "./report.ts";
import { script } from "./script.ts";
import { architectures } from "./sections/architectures.ts";
import { bySize } from "./sections/bySize.ts";
import { departures } from "./sections/departures.ts";
import { exploration } from "./sections/exploration.ts";
import { figureTables } from "./sections/figureTables.ts";
import { fronts } from "./sections/fronts.ts";
import { gallery } from "./sections/gallery.ts";
import { gaps } from "./sections/gaps.ts";
import { origins } from "./sections/origins.ts";
import { ranks } from "./sections/ranks.ts";
import { style } from "./style.ts";

/**
 * The report of a study's rows: one page of HTML that opens from a disk, is read without JavaScript, and fetches nothing but the
 * pictures that it names. A function of its source: equal rows give equal bytes.
 */
export function reportPage(source: ReportSource): string {
  const report = new Report(source);
  const sections: readonly (readonly [id: string, name: string, made: Html | undefined])[] = [
    ["axes", "axes", exploration(report)],
    ["sizes", "sizes", bySize(report)],
    ["figures", "figures", figureTables(report)],
    ["fronts", "costs", fronts(report)],
    ["ranks", "ranks", ranks(report)],
    ["architectures", "networks", architectures(report)],
    ["images", "images", gallery(report)],
    ["departures", "authors", departures(report)],
    ["gaps", "gaps", gaps(report)],
    ["origins", "origins", origins(report)],
  ];
  const there = sections.filter(([, , made]) => made !== undefined);
  const body = tag(
    "body",
    {},
    tag("a", { class: "skip", href: "#main" }, "Skip to the figures"),
    tag(
      "header",
      {},
      tag("h1", {}, source.title),
      tag("p", {}, summary(report)),
      ...(source.notes ?? []).map((note) => tag("p", {}, note)),
      filesOf(source),
    ),
    tag(
      "nav",
      { "aria-label": "Parts of this page" },
      ...there.map(([id, name]) => tag("a", { href: `#${id}` }, name)),
    ),
    tag("main", { id: "main" }, ...there.map(([, , made]) => made)),
    tag("script", {}, markup(script)),
  );
  const head = tag(
    "head",
    {},
    tag("meta", { charset: "utf-8" }),
    tag("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    tag("meta", { name: "color-scheme", content: "light dark" }),
    tag("title", {}, source.title),
    tag("style", {}, markup(style)),
  );
  return `<!doctype html>\n${joined([tag("html", { lang: "en" }, head, body)])}\n`;
}

/** What is in the report, in two sentences. */
function summary({ subjects, blocks, figures, source }: Report): string {
  const datasets = new Set(blocks.map(({ dataset }) => dataset));
  const done = source.rows.filter(({ value }) => value !== null).length;
  const commits = new Set(source.rows.flatMap(({ commit }) => commit ?? []));
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  return `${`${subjects.length} methods and sets`} on ${count(datasets.size, "dataset")} in ${count(blocks.length, "size")}: ${count(done, "number")} in ${count(figures.length, "figure")}, computed at ${count(commits.size, "commit")} of attar.`;
}

const filesOf = ({ files = [], file }: ReportSource): Html =>
  tag(
    "p",
    {},
    ...(file ? ["Made by ", tag("code", {}, `attar benchmark report ${file}`), ". "] : []),
    ...(files.length > 0
      ? ["The rows: ", ...files.flatMap(([name, what], i) => [i > 0 ? ", " : "", tag("a", { href: name }, what)]), "."]
      : []),
  );
