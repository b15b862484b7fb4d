export type { Attack, AttackContext } from "./attack.ts";
export { type Ball, type Norm, norms } from "./ball.ts";
export { isRight, rightOnes } from "./classified.ts";
export { networkVictim, type Weights } from "./networkVictim.ts";
export { chosenPoints, type Points } from "./points.ts";
export { attackNamed, attacks, autoAttack } from "./registry.ts";
export type { AttackLoss, Slope, Victim } from "./victim.ts";
export { withstand } from "./withstand.ts";
