import { type Html, markup, tag } from "../html.ts";

/** A part of the page with a heading that can be linked to. */
export const section = (id: string, title: string, ...children: readonly (Html | string | undefined)[]): Html =>
  tag("section", { id }, tag("h2", {}, title), ...children);

/** A chart as part of the page. */
export const figure = (svg: string): Html => tag("figure", {}, markup(svg));

/** Charts side by side where there is room. */
export const charts = (...svgs: readonly string[]): Html => tag("div", { class: "charts" }, ...svgs.map(figure));

/** A table that scrolls by itself where it is wider than the screen. */
export const table = (
  caption: string,
  head: readonly (Html | string)[],
  rows: readonly (readonly (Html | string)[])[],
): Html =>
  tag(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    tag(
      "table",
      {},
      tag("caption", {}, caption),
      tag("thead", {}, tag("tr", {}, ...head.map((cell) => tag("th", { scope: "col" }, cell)))),
      tag(
        "tbody",
        {},
        ...rows.map(([first, ...rest]) =>
          tag(
            "tr",
            {},
            tag("th", { scope: "row" }, first),
            ...rest.map((cell) => (isCell(cell) ? cell : tag("td", {}, cell))),
          ),
        ),
      ),
    ),
  );

const isCell = (cell: Html | string): cell is Html => typeof cell !== "string" && cell.html.startsWith("<td");
