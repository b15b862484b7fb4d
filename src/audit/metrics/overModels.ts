import { type RandomKey, randomKey } from "../../engine/random.ts";
import type { Interval } from "./clopperPearson.ts";

/** Scores of all models under attack, one after the other: [models][samples]. */
export interface PooledScores {
  readonly scores: readonly Float64Array[];
  readonly members: readonly Uint8Array[];
}

/** Figures of a curve, by name. */
export type Figures = Readonly<Record<string, number>>;

/**
 * The 95 % intervals of area, advantage and TPR at levels of FPR, by drawing models again with replacement: samples of one model
 * share its set and are not independent.
 */
export function intervalsOverModels(
  { scores, members }: PooledScores,
  levels: readonly number[],
  { draws = 200, key = randomKey(0).fold("bootstrap") }: { readonly draws?: number; readonly key?: RandomKey } = {},
): Readonly<Record<string, Interval>> {
  const flat = scores.flatMap((own, m) => Array.from(own, (score, i) => ({ score, m, member: members[m]![i] === 1 })));
  flat.sort((a, b) => b.score - a.score);
  const found: Record<string, number[]> = {};
  for (let draw = 0; draw < draws; draw++) {
    const weights = new Float64Array(scores.length);
    for (const u of key.fold(draw).uniform(scores.length)) weights[Math.floor(u * scores.length)]!++;
    for (const [name, value] of Object.entries(weighted(flat, weights, levels))) {
      found[name] ??= [];
      found[name].push(value);
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, values]) => {
      values.sort((a, b) => a - b);
      const at = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
      return [name, { low: at(0.025), high: at(0.975) }];
    }),
  );
}

/** The figures of a curve whose models count by weights. @param flat scores of all models, the highest first */
function weighted(
  flat: readonly { score: number; m: number; member: boolean }[],
  weights: Float64Array,
  levels: readonly number[],
): Figures {
  let [within, without] = [0, 0];
  for (const { m, member } of flat) {
    if (member) within += weights[m]!;
    else without += weights[m]!;
  }
  let [tp, fp, area, advantage] = [0, 0, 0, 0];
  const at = levels.map(() => 0);
  for (let k = 0; k < flat.length; ) {
    const [before, { score }] = [tp, flat[k]!];
    let wrong = 0;
    for (; k < flat.length && flat[k]!.score === score; k++) {
      const { m, member } = flat[k]!;
      if (member) tp += weights[m]!;
      else wrong += weights[m]!;
    }
    area += (wrong * (before + tp)) / 2;
    fp += wrong;
    advantage = Math.max(advantage, tp / within - fp / without);
    for (const [l, level] of levels.entries()) if (fp <= level * without) at[l] = tp / within;
  }
  return {
    auc: area / (within * without),
    advantage,
    ...Object.fromEntries(levels.map((level, l) => [`tpr-${level}`, at[l]!])),
  };
}
