import { clopperPearson } from "./clopperPearson.ts";

/** Counts of a test at one threshold. */
export interface TestCounts {
  /** Members, and those among them that were taken for members. */
  readonly within: number;
  readonly truePositives: number;
  /** Others, and those among them that were taken for members. */
  readonly without: number;
  readonly falsePositives: number;
}

/**
 * The ε that a test shows at least, with confidence 1 − α: of an (ε, δ)-private mechanism TPR ≤ e^ε FPR + δ, and the same of what is
 * left out, with both shares at the worse ends of their intervals. The threshold must have been fixed on other data, and
 * the draws be independent.
 */
export function empiricalEpsilon(
  { within, truePositives, without, falsePositives }: TestCounts,
  delta: number,
  alpha = 0.05,
): number {
  const hit = clopperPearson(truePositives, within, alpha);
  const wrong = clopperPearson(falsePositives, without, alpha);
  const ratio = (least: number, most: number) => (least > delta ? Math.log((least - delta) / most) : 0);
  return Math.max(0, ratio(hit.low, wrong.high), ratio(1 - wrong.high, 1 - hit.low));
}

/** The most that `n` members and as many others can show: of an attack that errs nowhere. */
export const mostShown = (n: number, delta: number, alpha = 0.05): number =>
  empiricalEpsilon({ within: n, truePositives: n, without: n, falsePositives: 0 }, delta, alpha);
