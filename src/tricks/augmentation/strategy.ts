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

/** The strategy the field uses for a dataset: digits and house numbers are not flipped. */
export function strategyFor(dataset: string): string {
  return ["mnist", "svhn", "digits"].includes(dataset)
    ? "color_crop_cutout_scale_rotate"
    : "color_crop_cutout_flip_scale_rotate";
}
