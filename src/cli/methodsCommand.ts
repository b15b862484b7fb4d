import { AttarError } from "../engine/errors.ts";
import { describe, isCoreset, type Method, methods, storageOf } from "../methods/index.ts";
import { whenText } from "../recipes/lookUp.ts";
import { type ChosenMethod, chosenMethod } from "./chosenMethod.ts";
import { settingText } from "./numbers.ts";
import { markdownTable, type OutputOptions, print, printJson, shellWord, table, wrapped } from "./output.ts";
import { pluginWords } from "./pluginWords.ts";
import { settableOptions } from "./settableOptions.ts";
import { table4Markdown, table4Rows, table4Text } from "./table4.ts";

export interface MethodsFlags extends OutputOptions {
  markdown?: boolean;
  table?: boolean;
  record?: boolean;
  plugin?: readonly string[];
}

const columns = ["name", "title", "discrepancy", "matchingSpace", "optimizedSpace", "hypotheses", "tricks"] as const;

/** The width that texts for a terminal keep to. */
const width = 100;

/** `attar methods [name]`: the taxonomy, read off the declarations; of one method, listed or in a file, also its record. */
export function methodsCommand(name: string | undefined, flags: MethodsFlags): void {
  if (flags.record) printRecord(name);
  else if (!flags.json) print(textOf(name, flags));
  else if (flags.table) printJson(table4Rows);
  else if (name === undefined) printJson(methods.map(describe));
  else {
    const { method } = chosenMethod(name);
    printJson([{ ...describe(method), options: settableOptions(method) }]);
  }
}

function printRecord(name: string | undefined): void {
  if (name === undefined)
    throw new AttarError("bad-option", "--record prints the record of one method", "attar methods dm --record");
  printJson(chosenMethod(name).method, 2);
}

function textOf(name: string | undefined, { markdown, table: paper, plugin }: MethodsFlags): string {
  if (paper) return markdown ? table4Markdown() : table4Text();
  const chosen = name === undefined ? undefined : chosenMethod(name);
  const plugins = pluginWords(plugin);
  if (!markdown) return chosen ? methodText(chosen, plugins) : listText(methods);
  const rows = (chosen ? [chosen.method] : methods).map(describe).map((d) => columns.map((c) => String(d[c])));
  return markdownTable(
    chosen
      ? [["what", chosen.method.name], ...factsOf(chosen, plugins), ...optionsOf(chosen.method)]
      : [columns, ...rows],
  );
}

/** A line a method: its name, what it is, and what it compares where; then what to type. */
function listText(all: readonly Method[]): string {
  const rows = all.map((method) => {
    const { name, title, discrepancy, matchingSpace } = describe(method);
    const still = method.synthetic.name === "pixels" ? "chooses real images" : "makes images of codes";
    const compared = isCoreset(method) ? still : `${discrepancy} of ${matchingSpace}`;
    return [name, title, compared];
  });
  const used =
    Math.max(...rows.map(([name]) => name!.length)) + Math.max(...rows.map(([, title]) => title!.length)) + 4;
  return [
    table([
      ["method", "what it is", "what it compares"],
      ...rows.map((row) => row.map((cell, i) => (i < 2 ? cell : cut(cell, width - used)))),
    ]),
    "",
    "  attar methods dm                           all about one",
    "  attar methods --markdown                   every column of the taxonomy",
    "  attar condense digits --method dm --ipc 1  condense with it",
  ].join("\n");
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The text of `attar methods <name>`: what to type first, then every fact. */
function methodText(chosen: ChosenMethod, plugins: string): string {
  return [
    `  attar condense digits --method ${shellWord(chosen.typed)}${plugins} --ipc 1`,
    "",
    ...hanging(factsOf(chosen, plugins)),
    "",
    "  options of its parts, to be typed so; a preset's value above comes before the one given here",
    "",
    ...hanging(optionsOf(chosen.method)),
  ].join("\n");
}

/** Rows of a key and a text, the text wrapped beside its key. */
function hanging(rows: readonly string[][]): string[] {
  const first = Math.max(...rows.map(([key]) => key!.length));
  return rows.map(([key, value]) => {
    const [head = "", ...rest] = wrapped(value!, width - first - 2);
    const lines = [`${key!.padEnd(first)}  ${head}`, ...rest.map((line) => `${" ".repeat(first + 2)}${line}`)];
    return lines.map((line) => line.trimEnd()).join("\n");
  });
}

/** A row an option: what to type, with its value, and what it takes. */
const optionsOf = (method: Method): string[][] =>
  settableOptions(method).map(({ path, value, takes, meaning }) => [
    `--set ${path}=${shellWord(String(value))}`,
    meaning ? `${takes}: ${meaning}` : takes,
  ]);

function factsOf({ method, typed }: ChosenMethod, plugins: string): string[][] {
  return [
    ...Object.entries(describe(method)).map(([key, value]) => [key, String(value)]),
    ["reference", method.reference],
    ["storage", storageOf(method)],
    ...(method.laptop ?? []).map(({ when, set }) => [`laptop, ${whenText(when)}`, values(set)]),
    ...method.recipe.map(({ when, set }) => [`paper, ${whenText(when)}`, values(set)]),
    ...method.departures.map((d) => ["departs", d]),
    ["cite", `attar cite ${shellWord(typed)}${plugins}`],
  ];
}

/** Rates that were computed print without the rounding of binary fractions. */
const values = (set: object) =>
  Object.entries(set)
    .map(([path, value]) => `${path}=${settingText(value)}`)
    .join(" ");
