import { discrepancies } from "../discrepancies/registry.ts";
import { markdownTable, table } from "./output.ts";

/** `attar measure --list`: the registry, read off the declarations. */
export function discrepancyList({ json, markdown }: { json?: boolean; markdown?: boolean }): string {
  if (json)
    return JSON.stringify(
      discrepancies.map(({ name, title, formula, reference, labelAware, classWise, needsImages, settings }) => ({
        name,
        title,
        formula,
        reference,
        labelAware,
        classWise: classWise ?? !labelAware,
        needsImages,
        settings: Object.fromEntries(
          Object.entries(settings).map(([key, { default: value, meaning, takes }]) => [
            key,
            { default: value, meaning, takes: takes ?? "a number" },
          ]),
        ),
      })),
    );
  const code = (text: string) => (markdown ? `\`${text}\`` : text);
  const rows = discrepancies.map(({ name, title, formula, reference, labelAware, settings }) => [
    code(name),
    title,
    code(formula),
    reference,
    labelAware ? "yes" : "no",
    Object.entries(settings)
      .map(([key, { default: value }]) => code(`${key}=${value}`))
      .join(" "),
  ]);
  const heading = ["discrepancy", "what it is", "formula", "paper", "labels", "settings"];
  return (markdown ? markdownTable : table)([heading, ...rows]);
}
