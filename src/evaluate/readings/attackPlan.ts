import { type Attack, attackNamed, attacks, autoAttack } from "../../attacks/index.ts";

/** One attack or several: an image withstands them if none fools. */
export interface AttackPlan {
  /** Its name in readings: that of the attack, names joined by "+", or "autoattack". */
  readonly name: string;
  readonly title: string;
  readonly attacks: readonly Attack[];
  /** True where each attack is tried only on what the ones before it have left. */
  readonly inTurn: boolean;
}

const alone = (attack: Attack): AttackPlan => ({
  name: attack.name,
  title: attack.title,
  attacks: [attack],
  inTurn: false,
});

const standard: AttackPlan = {
  name: "autoattack",
  title: "standard AutoAttack: apgd-ce, apgd-t, fab-t and square, each on what the ones before have left",
  attacks: autoAttack,
  inTurn: true,
};

/** The plans that have a name of their own. */
export const attackPlans: readonly AttackPlan[] = [...attacks.map(alone), standard];

/** True for the names of attacks joined: what {@link joinedPlan} reads. */
export const isJoined = (name: string): boolean => name.includes("+");

/** The plan of several attacks whose names "+" joins, in the order of the registry. @throws AttarError "unknown-attack" */
export function joinedPlan(name: string): AttackPlan {
  const named = name.split("+").flatMap((part) => planNamed(part.trim()).attacks);
  const own = attacks.filter((attack) => named.includes(attack));
  const [first] = own;
  if (own.length === 1) return alone(first!);
  const names = own.map((attack) => attack.name);
  return { name: names.join("+"), title: `${names.join(" and ")}: the worst of them`, attacks: own, inTurn: false };
}

/** The plan of that name. @throws AttarError "unknown-attack" */
export function planNamed(name: string): AttackPlan {
  if (isJoined(name)) return joinedPlan(name);
  return attackPlans.find((plan) => plan.name === name) ?? alone(attackNamed(name));
}
