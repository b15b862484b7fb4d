export {
  type Evidence,
  type MembershipAttack,
  membershipAttackNamed,
  membershipAttacks,
} from "./attacks/index.ts";
export { type Audit, type AuditOptions, audit } from "./audit.ts";
export type { AuditedSubject } from "./auditedSubject.ts";
export { type Control, controls } from "./controls.ts";
export { costOfModel, type ModelCost } from "./estimate.ts";
export type { MembershipFigures } from "./judge.ts";
export type { LowerBound } from "./lowerBound.ts";
export { clopperPearson, type Interval } from "./metrics/clopperPearson.ts";
export { empiricalEpsilon } from "./metrics/empiricalEpsilon.ts";
export { oneRunEpsilon } from "./metrics/oneRun.ts";
export type { Roc } from "./metrics/roc.ts";
export type { Shadow, ShadowStore } from "./shadow.ts";
