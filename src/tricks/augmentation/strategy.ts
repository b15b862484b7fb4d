import type { Dataset } from "../../data/dataset.ts";
import { isTable } from "../../data/valueRange.ts";
import { AttarError, nearest } from "../../engine/index.ts";

/** Operators of the differentiable siamese augmentation, in the order the field writes them. */
export const operators = ["color", "crop", "cutout", "flip", "scale", "rotate"] as const;
export type Operator = (typeof operators)[number];

/**
 * Reads a strategy such as "color_crop_cutout_flip_scale_rotate"; "" and "none" mean no augmentation.
 *
 * @throws AttarError for an unknown operator.
 */
export function parseStrategy(text: string): Operator[] {
  if (text === "" || text === "none") return [];
  return text.split("_").map((name) => {
    if ((operators as readonly string[]).includes(name)) return name as Operator;
    const guess = nearest(name, operators);
    throw new AttarError(
      "unknown-augmentation",
      `unknown augmentation operator "${name}" in "${text}"`,
      guess ? `did you mean "${guess}"?` : `join operators with "_": ${operators.join("_")}`,
    );
  });
}

/** The data that an augmentation is chosen for: a dataset, or the name of a known one. */
export type Augmentable = string | Pick<Dataset, "known" | "shape">;

/** Tells whether data are rows of a table, which no operator on images suits. */
export const isTabular = (data: Augmentable): boolean => typeof data !== "string" && isTable(data.shape);

/** Known datasets whose mirrored images are no images of their class: digits and house numbers. */
const notMirrored: ReadonlySet<string> = new Set(["mnist", "svhn", "digits"]);

/**
 * The strategy that the field uses for a dataset: digits and house numbers are not flipped, rows of a table not augmented ("").
 * Only a dataset that was loaded by its name is known; the name of a folder or file says nothing.
 */
export function strategyFor(data: Augmentable): string {
  if (isTabular(data)) return "";
  const name = typeof data === "string" ? data : (data.known ?? "");
  return notMirrored.has(name) ? "color_crop_cutout_scale_rotate" : "color_crop_cutout_flip_scale_rotate";
}
