/**
 * The volume between a reference and a front, of two or three objectives that are all good when large: the measure of the points that
 * some point is at least as good as and that are at least as good as the reference (Zitzler and Thiele 1999). Exact: a sweep in the
 * plane, slices of it in space. A dominated point changes nothing; one that is not above the reference everywhere counts for nothing.
 *
 * @throws RangeError for another number of objectives
 */
export function hypervolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const above = points
    .map((point) => point.map((v, i) => v - reference[i]!))
    .filter((point) => point.every((v) => v > 0));
  if (reference.length === 2) return area(above.map(([x, y]) => [x!, y!]));
  if (reference.length !== 3) throw new RangeError(`a hypervolume of ${reference.length} objectives`);
  const heights = [...new Set(above.map(([, , z]) => z!))].sort((a, b) => b - a);
  return heights.reduce((volume, z, i) => {
    const slice = above.filter(([, , own]) => own! >= z).map(([x, y]) => [x!, y!] as const);
    return volume + area(slice) * (z - (heights[i + 1] ?? 0));
  }, 0);
}

/** The area of a union of rectangles from the origin to each point. */
function area(points: readonly (readonly [x: number, y: number])[]): number {
  let [sum, top] = [0, 0];
  for (const [x, y] of points.toSorted((a, b) => b[0] - a[0] || b[1] - a[1])) {
    if (y <= top) continue;
    sum += x * (y - top);
    top = y;
  }
  return sum;
}

/** What each point adds to the volume of all: nothing where another is as good. */
export const contributions = (points: readonly (readonly number[])[], reference: readonly number[]): number[] => {
  const all = hypervolume(points, reference);
  return points.map(
    (_, i) =>
      all -
      hypervolume(
        points.filter((_p, j) => j !== i),
        reference,
      ),
  );
};
