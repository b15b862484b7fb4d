import type { CondensedSet } from "../dataset.ts";
import type { TablePreparation } from "./preparation.ts";

/** The preparation that a condensed table keeps; else features without names, numbers all of them, and what is predicted last. */
export function preparationFor({ table, shape, target }: CondensedSet): TablePreparation {
  if (table) return table;
  const [features] = shape;
  return {
    columns: Array.from({ length: features }, (_, at) => ({ kind: "number", name: `feature${at + 1}`, at })),
    predicted: (target?.names ?? ["label"]).map((name, j) => ({ name, at: features + j })),
  };
}
