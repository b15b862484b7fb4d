/**
 * The indices of each class's images, ascending: what class-wise batches are drawn from.
 *
 * @param labels class index of each image
 * @param classes number of classes, or their names
 */
export function byClass(labels: Int32Array, classes: number | readonly string[]): Uint32Array[] {
  const count = typeof classes === "number" ? classes : classes.length;
  const sizes = new Uint32Array(count);
  for (let i = 0; i < labels.length; i++) sizes[labels[i]!]!++;
  const out = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    out[label]![sizes[label]!++] = i;
  }
  return out;
}
