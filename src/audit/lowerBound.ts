import type { Evidence, MembershipAttack } from "./attacks/index.ts";
import { empiricalEpsilon, mostShown } from "./metrics/empiricalEpsilon.ts";
import { type Guesses, oneRunEpsilon } from "./metrics/oneRun.ts";
import { rocOf, stepAt } from "./metrics/roc.ts";

/** The ε that attacks show at least, at 95 % confidence. */
export interface LowerBound extends Guesses {
  /** By guesses about coins, which holds however outcomes depend on one another: what a claim is held against. */
  readonly epsilon: number;
  readonly delta: number;
  /** The attack, the share of samples that it guesses about and which: the best of those tried on the first half of the models. */
  readonly attack: string;
  readonly share: number;
  readonly sides: Sides;
  /** By shares of right guesses with intervals of Clopper and Pearson, as if all pairs of model and sample were independent. */
  readonly asIfIndependent: number;
  /** The most that so many pairs could show. */
  readonly most: number;
}

/** Which samples are guessed about: those with the highest scores, taken for members, or half of them with the lowest, for others. */
type Sides = "highest" | "both";

/** The shares of samples that are guessed about. */
const shares = [0.01, 0.05, 0.2, 1];

/** The levels of FPR at which thresholds are tried. */
const tried = [0.001, 0.01, 0.05, 0.2, 0.5];

/**
 * Holds attacks against a claim of (ε, δ). The first half of the models is known to the attacker, who chooses attack, share and
 * threshold on it; the models of the second half are attacked, each by itself, and counted.
 */
export function lowerBound(evidence: Evidence, attacks: readonly MembershipAttack[], delta: number): LowerBound {
  const models = Array.from(evidence.members.keys());
  const half = models.length >> 1;
  const [known, targets] = [models.slice(0, half), models.slice(half)];
  let chosen: { attack: MembershipAttack; share: number; sides: Sides; scores: Map<number, Float64Array> } | undefined;
  let best = Number.NEGATIVE_INFINITY;
  for (const attack of attacks) {
    const others = (target: number) => known.filter((m) => m !== target);
    const scores = new Map(known.map((target) => [target, attack.scores(evidence, target, others(target))]));
    for (const share of shares)
      for (const sides of ["highest", "both"] as const) {
        const guessed = guessesOf(evidence, scores, share, sides);
        // Where nothing is shown yet, more right guesses than others tell attacks apart.
        const worth = oneRunEpsilon(guessed, 0) + 1e-6 * (guessed.right / guessed.guesses);
        if (worth > best) [best, chosen] = [worth, { attack, share, sides, scores }];
      }
  }
  const { attack, share, sides, scores } = chosen!;
  const found = new Map(targets.map((target) => [target, attack.scores(evidence, target, known)]));
  const guessed = guessesOf(evidence, found, share, sides);
  const pairs = guessed.coins >> 1;
  return {
    ...guessed,
    epsilon: oneRunEpsilon(guessed, delta),
    delta,
    attack: attack.name,
    share,
    sides,
    asIfIndependent: atThreshold(evidence, scores, found, delta),
    most: mostShown(pairs, delta),
  };
}

/** Guesses "in" of the highest scores, and "out" of the lowest, of every target. */
function guessesOf(
  { members }: Evidence,
  scores: ReadonlyMap<number, Float64Array>,
  share: number,
  sides: Sides,
): Guesses {
  let [guesses, right, coins] = [0, 0, 0];
  for (const [target, own] of scores) {
    const order = Array.from(own.keys()).sort((a, b) => own[b]! - own[a]!);
    const each = Math.max(1, Math.floor((share * own.length) / (sides === "both" ? 2 : 1)));
    for (let k = 0; k < each; k++) {
      right += members[target]![order[k]!]!;
      if (sides === "both") right += 1 - members[target]![order[order.length - 1 - k]!]!;
    }
    guesses += sides === "both" ? 2 * each : each;
    coins += own.length;
  }
  return { guesses, right, coins };
}

/** The bound at the threshold that shows most on the known models. */
function atThreshold(
  { members }: Evidence,
  known: ReadonlyMap<number, Float64Array>,
  targets: ReadonlyMap<number, Float64Array>,
  delta: number,
): number {
  const flat = (scores: ReadonlyMap<number, Float64Array>) => ({
    scores: Float64Array.from([...scores.values()].flatMap((own) => Array.from(own))),
    members: Uint8Array.from([...scores.keys()].flatMap((m) => Array.from(members[m]!))),
  });
  const before = flat(known);
  const roc = rocOf(before.scores, before.members);
  let [best, threshold] = [Number.NEGATIVE_INFINITY, 0];
  for (const level of tried) {
    const { threshold: at, ...counts } = stepAt(roc, level);
    const found = empiricalEpsilon({ within: roc.within, without: roc.without, ...counts }, delta);
    if (found > best) [best, threshold] = [found, at];
  }
  const { scores, members: truth } = flat(targets);
  const counts = { within: 0, truePositives: 0, without: 0, falsePositives: 0 };
  for (const [i, score] of scores.entries()) {
    const taken = score >= threshold ? 1 : 0;
    if (truth[i] === 1) {
      counts.within++;
      counts.truePositives += taken;
    } else {
      counts.without++;
      counts.falsePositives += taken;
    }
  }
  return empiricalEpsilon(counts, delta);
}
