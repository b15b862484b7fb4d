/**
 * Those images, in that order.
 *
 * @param row numbers an image
 * @param rows positions of the images; all of them when left out, and then the images themselves
 */
export function rowsOf(
  images: Uint8Array | Float32Array,
  row: number,
  rows: readonly number[] | undefined,
): Uint8Array | Float32Array {
  if (!rows) return images;
  const out = images.slice(0, rows.length * row);
  for (const [to, from] of rows.entries()) out.set(images.subarray(from * row, (from + 1) * row), to * row);
  return out;
}
