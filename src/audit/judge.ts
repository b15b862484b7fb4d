import type { Evidence, MembershipAttack } from "./attacks/index.ts";
import { clopperPearson, type Interval } from "./metrics/clopperPearson.ts";
import { intervalsOverModels } from "./metrics/overModels.ts";
import { advantageOf, areaOf, type Roc, rocOf, stepAt } from "./metrics/roc.ts";

/** A figure with its 95 % interval, models drawn again. */
export interface Figure extends Interval {
  readonly value: number;
}

/** The share of members that are found where so many others are taken for members. */
export interface TprAt extends Figure {
  readonly fpr: number;
  /** The interval of Clopper and Pearson, of draws that would be independent. */
  readonly exact: Interval;
  /** False where fewer than five others may be taken for members at that level: the figure is then mere chance. */
  readonly resolved: boolean;
}

/** What an attack finds out, over all models in the target's place. */
export interface MembershipFigures {
  readonly auc: Figure;
  readonly advantage: Figure;
  readonly balancedAccuracy: number;
  readonly tpr: readonly TprAt[];
  /** Pairs of a model and a sample: members, and others. */
  readonly within: number;
  readonly without: number;
  readonly roc: Roc;
}

/** The levels of FPR: 0.1 %, 1 % and 10 %. */
export const levels = [0.001, 0.01, 0.1] as const;

/** Others that must be allowed at a level for a share to mean anything. */
const leastAllowed = 5;

/** Every model in the target's place, all others known to the attacker. */
export function attacked(evidence: Evidence, attack: MembershipAttack): readonly Float64Array[] {
  const models = Array.from(evidence.members.keys());
  return models.map((target) =>
    attack.scores(
      evidence,
      target,
      models.filter((m) => m !== target),
    ),
  );
}

/** The figures of an attack's scores. */
export function figuresOf(scores: readonly Float64Array[], members: readonly Uint8Array[]): MembershipFigures {
  const roc = rocOf(joined(scores), Uint8Array.from(members.flatMap((own) => Array.from(own))));
  const intervals = intervalsOverModels({ scores, members }, levels);
  const figure = (name: string, value: number): Figure => ({ value, ...intervals[name]! });
  const { advantage, balancedAccuracy } = advantageOf(roc);
  return {
    auc: figure("auc", areaOf(roc)),
    advantage: figure("advantage", advantage),
    balancedAccuracy,
    tpr: levels.map((fpr): TprAt => {
      const { truePositives } = stepAt(roc, fpr);
      return {
        fpr,
        ...figure(`tpr-${fpr}`, truePositives / roc.within),
        exact: clopperPearson(truePositives, roc.within),
        resolved: fpr * roc.without >= leastAllowed,
      };
    }),
    within: roc.within,
    without: roc.without,
    roc,
  };
}

function joined(scores: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(scores.reduce((sum, own) => sum + own.length, 0));
  let at = 0;
  for (const own of scores) {
    out.set(own, at);
    at += own.length;
  }
  return out;
}
