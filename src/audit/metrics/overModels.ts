import { type RandomKey, randomKey } from "../../engine/random.ts";
import type { Interval } from "./clopperPearson.ts";

/** Scores of all models under attack, one after the other: [models][samples]. */
export interface PooledScores {
  readonly scores: readonly Float64Array[];
  readonly members: readonly Uint8Array[];
}

/** Scores of all models in one order, the highest first. */
interface Ordered {
  readonly model: Uint16Array;
  readonly member: Uint8Array;
  /** 1 where the next score is another one: those that tie make one step. */
  readonly step: Uint8Array;
}

/**
 * The 95 % intervals of area, advantage and TPR at levels of FPR, by drawing models again with replacement: samples of one model
 * share its set and are not independent.
 */
export function intervalsOverModels(
  pooled: PooledScores,
  levels: readonly number[],
  { draws = 200, key = randomKey(0).fold("bootstrap") }: { readonly draws?: number; readonly key?: RandomKey } = {},
): Readonly<Record<string, Interval>> {
  const ordered = orderedOf(pooled);
  const models = pooled.scores.length;
  const found: Record<string, number[]> = {};
  for (let draw = 0; draw < draws; draw++) {
    const weights = new Float64Array(models);
    for (const u of key.fold(draw).uniform(models)) weights[Math.floor(u * models)]!++;
    for (const [name, value] of Object.entries(weighted(ordered, weights, levels))) {
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

function orderedOf({ scores, members }: PooledScores): Ordered {
  const each = scores[0]!.length;
  const score = (k: number) => scores[Math.floor(k / each)]![k % each]!;
  const order = Uint32Array.from({ length: scores.length * each }, (_, k) => k).sort((a, b) => score(b) - score(a));
  return {
    model: Uint16Array.from(order, (k) => Math.floor(k / each)),
    member: Uint8Array.from(order, (k) => members[Math.floor(k / each)]![k % each]!),
    step: Uint8Array.from(order, (k, i) => (i + 1 === order.length || score(order[i + 1]!) !== score(k) ? 1 : 0)),
  };
}

/** The figures of a curve whose models count by weights. */
function weighted(
  { model, member, step }: Ordered,
  weights: Float64Array,
  levels: readonly number[],
): Readonly<Record<string, number>> {
  let [within, without] = [0, 0];
  for (let k = 0; k < model.length; k++) {
    if (member[k] === 1) within += weights[model[k]!]!;
    else without += weights[model[k]!]!;
  }
  let [found, wrong, before, after, area, advantage] = [0, 0, 0, 0, 0, 0];
  const at = levels.map(() => 0);
  for (let k = 0; k < model.length; k++) {
    if (member[k] === 1) found += weights[model[k]!]!;
    else wrong += weights[model[k]!]!;
    if (step[k] === 0) continue;
    area += ((wrong - after) * (before + found)) / 2;
    [before, after] = [found, wrong];
    advantage = Math.max(advantage, found / within - wrong / without);
    for (const [l, level] of levels.entries()) if (wrong <= level * without) at[l] = found / within;
  }
  return {
    auc: area / (within * without),
    advantage,
    ...Object.fromEntries(levels.map((level, l) => [`tpr-${level}`, at[l]!])),
  };
}
