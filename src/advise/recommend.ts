import type { Recommendation, Trial } from "./advice.ts";

/** The margin where none is asked for: two points of accuracy, or 0.02 of R². */
export const usualMargin = 0.02;

/**
 * The smallest set that is good enough: of all trials whose mean is at most `margin` below the best mean the one of the fewest
 * bytes, among equally many the better one. Undefined where there is no trial.
 */
export function recommend(trials: readonly Trial[], margin: number): Recommendation | undefined {
  const best = trials.reduce<Trial | undefined>((a, b) => (a && a.score.mean >= b.score.mean ? a : b), undefined);
  if (!best) return undefined;
  const enough = trials.filter(({ score }) => score.mean >= best.score.mean - margin);
  const [chosen] = [...enough].sort((a, b) => a.bytes - b.bytes || b.score.mean - a.score.mean);
  const { method, ipc } = chosen!;
  return {
    method,
    ipc,
    why: `the smallest set whose mean is at most ${Number((100 * margin).toFixed(4))} points below the best one's`,
    best: { method: best.method, ipc: best.ipc, mean: best.score.mean },
  };
}
