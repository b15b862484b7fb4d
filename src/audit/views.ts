import type { Dataset } from "../data/dataset.ts";
import { type Draw, identityDraw } from "../tricks/augmentation/index.ts";

/** The share of a side by which a view is shifted; a pixel at least. */
const shifted = 1 / 16;

/**
 * The views of an image that an attacker asks about beside itself: shifted up, down, left and right, and mirrored where a mirror image
 * is of its class. Samples of other domains have none.
 */
export function viewsOf({ domain, shape }: Pick<Dataset, "domain" | "shape">): readonly Draw[] {
  if (domain.kind !== "image") return [];
  const [, height, width] = shape;
  const by = (side: number) => Math.max(1, Math.round(shifted * side));
  const [down, right] = [by(height), by(width)];
  const shifts = [
    [-down, 0],
    [down, 0],
    [0, -right],
    [0, right],
  ] as const;
  return [
    ...shifts.map((shift): Draw => ({ ...identityDraw, shift })),
    ...(domain.augmentations.includes("flip") ? [{ ...identityDraw, flip: true }] : []),
  ];
}
