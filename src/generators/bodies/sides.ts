import { AttarError } from "../../engine/index.ts";
import type { GeneratorGround } from "../generator.ts";

/** The sides of the maps of a body for images, from the smallest: [7, 7], [14, 14], [28, 28]; at least 4 pixels where the image has 8. */
export function mapSides([, height, width]: readonly [number, number, number]): readonly (readonly [number, number])[] {
  const doublings = Math.max(1, Math.floor(Math.log2(Math.min(height, width) / 4)));
  return Array.from({ length: doublings + 1 }, (_, i) => {
    const by = 2 ** (doublings - i);
    return [Math.ceil(height / by), Math.ceil(width / by)] as const;
  });
}

/** @throws AttarError "bad-combination" (exit code 2) where samples are no images that can be halved */
export function refuseFlat({ name, kind, shape }: GeneratorGround): void {
  if (kind === "image" && Math.min(shape[1], shape[2]) >= 2) return;
  throw new AttarError(
    "bad-combination",
    `the samples of ${name} are no images of two rows or more, which a body of convolutions is for`,
    "--set body=mlp",
  );
}
