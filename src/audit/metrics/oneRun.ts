import { logFactorials } from "./clopperPearson.ts";

/**
 * The most likely that `right` or more of `guesses` about fair coins can be right, of an (ε, δ)-private mechanism (Steinke, Nasr and
 * Jagielski 2023, theorem 5.2), however the outcomes depend on one another.
 */
function likelihood({ guesses, right, coins }: Guesses, epsilon: number, delta: number, log: Float64Array): number {
  const [yes, no] = [-Math.log1p(Math.exp(-epsilon)), -Math.log1p(Math.exp(epsilon))];
  const mass = (k: number) => Math.exp(log[guesses]! - log[k]! - log[guesses - k]! + k * yes + (guesses - k) * no);
  let tail = 0;
  for (let k = right; k <= guesses; k++) tail += mass(k);
  if (delta === 0) return tail;
  let [sum, worst] = [0, 0];
  for (let i = 1; i <= right; i++) {
    sum += mass(right - i);
    worst = Math.max(worst, sum / i);
  }
  return Math.min(1, tail + 2 * coins * delta * worst);
}

/** Guesses about fair coins. */
export interface Guesses {
  readonly guesses: number;
  readonly right: number;
  /** Coins there are, guessed about or not. */
  readonly coins: number;
}

/**
 * The ε that guesses show at least, with confidence 1 − α. Valid of one run with many coins and of several, also where the
 * outcomes of a run depend on one another: coins alone must be independent, and what is guessed about fixed before.
 */
export function oneRunEpsilon(guesses: Guesses, delta: number, alpha = 0.05): number {
  const log = logFactorials(guesses.guesses);
  const refuted = (epsilon: number) => likelihood(guesses, epsilon, delta, log) <= alpha;
  if (guesses.right === 0 || !refuted(0)) return 0;
  let [low, high] = [0, 1];
  while (refuted(high) && high < 64) [low, high] = [high, 2 * high];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (refuted(middle)) low = middle;
    else high = middle;
  }
  return low;
}
