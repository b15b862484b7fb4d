import { measurables } from "../discrepancies/registry.ts";
import { optionTakes } from "../engine/options.ts";
import { markdownTable, table } from "./output.ts";

/** `attar measure --list`: the registry, read off the declarations. */
export function discrepancyList({ json, markdown }: { json?: boolean; markdown?: boolean }): string {
  if (json)
    return JSON.stringify(
      measurables.map(({ name, title, formula, reference, labelAware, classWise, needsImages, options }) => ({
        name,
        title,
        formula,
        reference,
        labelAware,
        classWise: classWise ?? !labelAware,
        needsImages,
        options: Object.fromEntries(
          Object.entries(options).map(([key, rule]) => [
            key,
            { default: rule.default, meaning: rule.meaning, takes: optionTakes(rule) },
          ]),
        ),
      })),
    );
  const code = (text: string) => (markdown ? `\`${text}\`` : text);
  const rows = measurables.map(({ name, title, formula, reference, labelAware, options }) => [
    code(name),
    title,
    code(formula),
    reference,
    labelAware ? "yes" : "no",
    Object.entries(options)
      .map(([key, { default: value }]) => code(`${key}=${value}`))
      .join(" "),
  ]);
  const heading = ["discrepancy", "what it is", "formula", "paper", "labels", "options"];
  return (markdown ? markdownTable : table)([heading, ...rows]);
}
