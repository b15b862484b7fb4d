import { type Ball, isRight, networkVictim, norms, type Points, type Victim, withstand } from "../../attacks/index.ts";
import {
  AttarError,
  choice,
  integer,
  type OptionRule,
  type OptionRules,
  type OptionValues,
  type RandomKey,
  text,
} from "../../engine/index.ts";
import { radiusOf, takesRadius } from "../../hypotheses/index.ts";
import { type AttackPlan, attackPlans } from "./attackPlan.ts";
import { attackPoints } from "./attackPoints.ts";
import type { Reading, Samples, TrainedNetwork } from "./reading.ts";

/** Options of a plan: the ball, how many images, and those of its attacks, named after them where there are several. */
function rulesOf({ attacks }: AttackPlan): OptionRules {
  const shared = norms.filter((norm) => attacks.every((attack) => attack.norms.includes(norm)));
  return {
    norm: choice(shared[0] ?? "l2", shared, "norm of the perturbation, in pixels from black at 0 to white at 1"),
    radius: text("8/255", takesRadius, (value) => !Number.isNaN(radiusOf(value)), "of the ball of perturbations"),
    images: integer(
      500,
      1,
      undefined,
      "test images that are attacked, the same for all networks; all where there are no more",
    ),
    ...Object.fromEntries(
      attacks.flatMap(({ name, options }) =>
        Object.entries(options).map(([option, rule]): [string, OptionRule] => [
          attacks.length > 1 ? `${name}.${option}` : option,
          rule,
        ]),
      ),
    ),
  };
}

/** The attacks' own options out of those of the plan. */
function ownOptions({ attacks }: AttackPlan, given: OptionValues): OptionValues[] {
  return attacks.map(({ name, options }) =>
    Object.fromEntries(
      Object.keys(options).map((option) => [option, given[attacks.length > 1 ? `${name}.${option}` : option]!]),
    ),
  );
}

/**
 * A reading of accuracy under attack: the share of images that are classified rightly and that no attack of a plan fools. Beside
 * it, by name: `clean`, the share before; of several attacks the share that each leaves, alone or in turn; and two signs that
 * gradients lead nowhere, so that the figure is too good: `zero-gradients`, the share of images whose cross-entropy has none,
 * and `black-box-only`, the share that only an attack fools which sees outputs alone.
 */
export function attackReading(plan: AttackPlan): Reading {
  const { attacks } = plan;
  const both = new Set(attacks.map(({ sees }) => sees)).size > 1;
  const names = [
    plan.name,
    "clean",
    ...(attacks.length > 1 ? attacks.map(({ name }) => name) : []),
    ...(attacks.some(({ sees }) => sees === "gradients") ? ["zero-gradients"] : []),
    ...(both ? ["black-box-only"] : []),
  ];
  return {
    name: plan.name,
    title: `accuracy under attack: ${plan.title}`,
    options: rulesOf(plan),
    leading: ["norm", "radius"],
    unit: "fraction",
    better: "higher",
    target: "classes",
    needsLogits: false,
    needsWeights: true,
    names({ classes }) {
      const odd = attacks.find(({ leastClasses }) => leastClasses > classes);
      if (odd)
        throw new AttarError(
          "bad-combination",
          `${odd.name} needs ${odd.leastClasses} classes, and there are ${classes}`,
          "--attack apgd-ce+fab-t+square:linf,8/255",
        );
      return names;
    },
    of: (network, samples, options, key) => accuracies(plan, network, samples, options, key),
  };
}

async function accuracies(
  plan: AttackPlan,
  { weights }: TrainedNetwork,
  { dataset, signal }: Samples,
  options: OptionValues,
  key: RandomKey,
): Promise<Record<string, number>> {
  const points = attackPoints(dataset, options.images as number);
  const victim = networkVictim(weights!, dataset.normalisation);
  const ball: Ball = { norm: options.norm as Ball["norm"], radius: radiusOf(String(options.radius)) };
  const { right, zero } = await untouched(victim, points);
  const share = (count: number) => count / points.labels.length;
  const each: number[][] = [];
  const own = ownOptions(plan, options);
  let left: readonly number[] = right;
  for (const [a, attack] of plan.attacks.entries()) {
    const among = plan.inTurn ? left : right;
    const kept = await withstand(victim, points, among, ball, { attack, options: own[a]! }, key, signal);
    each.push(kept);
    left = left.filter((i) => kept.includes(i));
  }
  const byGradients = new Set(right);
  for (const [a, { sees }] of plan.attacks.entries())
    if (sees === "gradients") for (const i of right) if (!each[a]!.includes(i)) byGradients.delete(i);
  const several = plan.attacks.length > 1;
  const found: Record<string, number> = {
    [plan.name]: share(left.length),
    clean: share(right.length),
    ...(several && Object.fromEntries(plan.attacks.map(({ name }, a) => [name, share(each[a]!.length)]))),
    "zero-gradients": share(zero),
    "black-box-only": share(byGradients.size - left.length),
  };
  const names = attackReading(plan).names({ labels: points.labels, classes: victim.classes });
  return Object.fromEntries(names.map((name) => [name, found[name]!]));
}

/** The images that are classified rightly as they are, and how many of them have a cross-entropy without slope. */
async function untouched(victim: Victim, { images, labels }: Points): Promise<{ right: number[]; zero: number }> {
  const { logits, gradient } = await victim.slope("cross-entropy", images, labels);
  const d = images.length / labels.length;
  const right = Array.from(labels, (_, i) => i).filter((i) => isRight(logits, i, labels[i]!, victim.classes));
  const zero = right.filter((i) => gradient.subarray(i * d, (i + 1) * d).every((v) => v === 0)).length;
  return { right, zero };
}

/** The readings of accuracy under attack that have a name of their own. */
export const attackReadings: readonly Reading[] = attackPlans.map(attackReading);
