import type { Dataset } from "../../data/dataset.ts";
import { AttarError, nearest, type Serving } from "../../engine/index.ts";

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

/** The data that an augmentation is chosen for. */
export type Augmentable = Pick<Dataset, "domain">;

/** The trait of every operator: pixels are what they move and recolour. */
export const operatorTraits: Serving = { domains: ["image"] };

/** The operators that the field uses for data of a domain, joined; "" where none suits. */
export const strategyFor = ({ domain }: Augmentable): string => domain.augmentations.join("_");
