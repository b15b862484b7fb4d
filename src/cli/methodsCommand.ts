import { describe, type Method, methodNamed, methods, storageOf } from "../methods/index.ts";
import { settingText } from "./numbers.ts";
import { markdownTable, type OutputOptions, print, printJson, table } from "./output.ts";
import { table4Markdown, table4Rows, table4Text } from "./table4.ts";

export interface MethodsFlags extends OutputOptions {
  markdown?: boolean;
  table?: boolean;
}

const columns = ["name", "title", "discrepancy", "matchingSpace", "optimizedSpace", "hypotheses", "tricks"] as const;

/** `attar methods [name]`: the taxonomy, read off the declarations. */
export function methodsCommand(name: string | undefined, flags: MethodsFlags): void {
  if (flags.table) {
    if (flags.json) printJson(table4Rows);
    else print(flags.markdown ? table4Markdown() : table4Text());
    return;
  }
  const chosen = name ? [methodNamed(name)] : methods;
  if (flags.json) printJson(chosen.map(describe));
  else if (name) print((flags.markdown ? markdownTable : table)(allOf(chosen[0]!, flags.markdown)));
  else {
    const rows = chosen.map(describe).map((d) => columns.map((c) => String(d[c])));
    print((flags.markdown ? markdownTable : table)([columns, ...rows]));
  }
}

function allOf(method: Method, headed = false): string[][] {
  const tuned = method.loop === "select" ? [] : (method.tuned ?? []);
  return [
    ...(headed ? [["what", method.name]] : []),
    ...Object.entries(describe(method)).map(([key, value]) => [key, String(value)]),
    ["reference", method.reference],
    ["storage", storageOf(method)],
    ...(method.loop === "select" ? selectionOf(method.selection.options) : Object.entries(method.presets)).map(
      ([preset, set]) => [preset, values(set)],
    ),
    ...tuned.map(({ preset, datasets, ipc, set }) => [
      [preset, datasets?.join("/"), ipc && `ipc ${ipc[0]}${ipc[1] > ipc[0] ? `-${ipc[1]}` : ""}`]
        .filter(Boolean)
        .join(" "),
      values(set),
    ]),
    ...method.departures.map((d) => ["departs", d]),
  ];
}

/** A coreset has no presets, only what its rule may be told. */
const selectionOf = (options: object = {}): [string, object][] => {
  const paths = Object.entries(options).map(([option, value]) => [`selection.${option}`, value]);
  return paths.length > 0 ? [["settings", Object.fromEntries(paths)]] : [];
};

/** Rates that were computed print without the rounding of binary fractions. */
const values = (set: object) =>
  Object.entries(set)
    .map(([path, value]) => `${path}=${settingText(value)}`)
    .join(" ");
