import type { Cited, OptionRules, RandomKey, Resolved } from "../engine/index.ts";
import type { Ball, Norm } from "./ball.ts";
import type { Points } from "./points.ts";
import type { Victim } from "./victim.ts";

/** The circumstances of an attack. */
export interface AttackContext {
  readonly key: RandomKey;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An attack on inputs: for every image one as near as the ball allows that the classifier may take for something else. Whoever
 * asks looks at what the classifier says of it, and whether it is near enough.
 */
export interface Attack<R extends OptionRules = OptionRules> extends Cited {
  readonly name: string;
  readonly title: string;
  readonly formula: string;
  readonly norms: readonly Norm[];
  /** What it sees of the classifier. */
  readonly sees: "gradients" | "outputs";
  /** Classes that its loss needs. */
  readonly leastClasses: number;
  readonly options: R;
  /** Candidates [n, d], an image itself where nothing better was found. All points are classified rightly. */
  run(victim: Victim, points: Points, ball: Ball, options: Resolved<R>, context: AttackContext): Promise<Float64Array>;
}

/** Declares an attack: `run` sees the values that its rules allow, by their types. */
export const declareAttack = <const R extends OptionRules>(attack: Attack<R>): Attack<R> => attack;
