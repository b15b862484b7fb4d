import { methods, table4, trickSigns } from "../methods/index.ts";
import { markdownTable, table } from "./output.ts";

const dash = "–";

/** A row of Table 4 with the listed methods that are it; none yet where the list is empty. */
export const table4Rows = table4.map((row) => ({
  ...row,
  methods: methods.filter((method) => method.row === row.row).map(({ name }) => name),
}));

const head = ["row", "discrepancy", "description", "tricks", "paper", "method"];
const cells = () =>
  table4Rows.map(({ row, family, description, tricks, paper, methods: names }) => [
    String(row),
    family,
    description,
    tricks,
    paper,
    names.join(", ") || dash,
  ]);

const signs = Object.entries(trickSigns).map(([kind, sign]) => `${sign} ${kind}`);

/** Table 4 of the paper as text for a terminal. */
export const table4Text = (): string => `${table([head, ...cells()])}\n\ntricks: ${signs.join(", ")}`;

/** The page docs/table4.md. */
export function table4Markdown(): string {
  const built = table4Rows.filter(({ methods: names }) => names.length > 0).length;
  return [
    "# Table 4: the taxonomy",
    "",
    `The rows of the paper in their order, and the methods here that are they: ${built} of ${table4Rows.length}; a dash where there is none yet.`,
    "`attar methods NAME` prints a method as a point on the four axes.",
    "",
    markdownTable([head, ...cells()]),
    "",
    `Signs behind tricks: ${signs.join(", ")}.`,
    "",
    "Made by `attar methods --table --markdown`.",
  ].join("\n");
}
