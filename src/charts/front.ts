/** The better end of an axis. */
export type Better = "lower" | "higher";

/** Which end of either axis is better. */
export interface Preference {
  readonly x: Better;
  readonly y: Better;
}

/**
 * The Pareto front of points: those that no other one equals or beats on both axes and beats on one.
 *
 * @returns their positions, from the best x to the best y; of equal points the first
 */
export function paretoFront(
  points: readonly { readonly x: number; readonly y: number }[],
  better: Preference,
): number[] {
  const [sx, sy] = [better.x === "lower" ? 1 : -1, better.y === "lower" ? 1 : -1];
  const cost = ({ x, y }: { readonly x: number; readonly y: number }) => [sx * x, sy * y] as const;
  const order = points
    .map((point, i) => ({ i, cost: cost(point) }))
    .filter((p) => p.cost.every(Number.isFinite))
    .sort((a, b) => a.cost[0] - b.cost[0] || a.cost[1] - b.cost[1] || a.i - b.i);
  const front: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  for (const { i, cost } of order)
    if (cost[1] < best) {
      front.push(i);
      best = cost[1];
    }
  return front;
}
