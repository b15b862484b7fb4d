/** A step of a curve: at a threshold, the shares of non-members and of members with scores of at least that. */
export interface RocPoint {
  readonly threshold: number;
  readonly falsePositives: number;
  readonly truePositives: number;
}

/** The curve of scores against memberships, from nobody taken for a member to everybody; scores that tie make one step. */
export interface Roc {
  /** Numbers of members and of non-members. */
  readonly within: number;
  readonly without: number;
  /** Counts, not shares, ascending. */
  readonly points: readonly RocPoint[];
}

/** @param members 1 for a member, 0 for another */
export function rocOf(scores: Float64Array, members: Uint8Array): Roc {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const points: RocPoint[] = [{ threshold: Number.POSITIVE_INFINITY, falsePositives: 0, truePositives: 0 }];
  let [truePositives, falsePositives] = [0, 0];
  for (const [k, i] of order.entries()) {
    if (members[i] === 1) truePositives++;
    else falsePositives++;
    const next = order[k + 1];
    if (next === undefined || scores[next] !== scores[i])
      points.push({ threshold: scores[i]!, falsePositives, truePositives });
  }
  return { within: truePositives, without: falsePositives, points };
}

/** The area under a curve: the chance that a member's score is above another's, half of a tie. */
export function areaOf({ within, without, points }: Roc): number {
  let area = 0;
  for (let k = 1; k < points.length; k++) {
    const [a, b] = [points[k - 1]!, points[k]!];
    area += ((b.falsePositives - a.falsePositives) * (a.truePositives + b.truePositives)) / 2;
  }
  return area / (within * without);
}

/** {@link areaOf} the curve of scores. */
export const areaUnderCurve = (scores: Float64Array, members: Uint8Array): number => areaOf(rocOf(scores, members));

/** The step with most true positives among those whose share of false positives is at most `level`. */
export function stepAt({ without, points }: Roc, level: number): RocPoint {
  let best = points[0]!;
  for (const point of points) if (point.falsePositives <= level * without) best = point;
  return best;
}

/** The largest TPR − FPR of any threshold, and the accuracy where members are as many as others: half of that above a half. */
export function advantageOf({ within, without, points }: Roc): { advantage: number; balancedAccuracy: number } {
  let advantage = 0;
  for (const { truePositives, falsePositives } of points)
    advantage = Math.max(advantage, truePositives / within - falsePositives / without);
  return { advantage, balancedAccuracy: (1 + advantage) / 2 };
}
