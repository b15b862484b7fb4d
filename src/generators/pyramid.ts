/** Sides of the images of a pyramid from the smallest: each `factor` of the next, the last the image's own. */
export function pyramidSizes(
  [, height, width]: readonly [number, number, number],
  factor: number,
  smallest: number,
): readonly (readonly [number, number])[] {
  const least = Math.min(height, width);
  const wanted = Math.max(4, Math.min(smallest, least / 2));
  const below = Math.max(1, Math.floor(Math.log(wanted / least) / Math.log(factor)));
  return Array.from({ length: below + 1 }, (_, i) => {
    const by = factor ** (below - i);
    return [Math.max(2, Math.round(height * by)), Math.max(2, Math.round(width * by))] as const;
  });
}
