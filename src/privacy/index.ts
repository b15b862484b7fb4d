export * from "./accountants/index.ts";
export { type Claim, type ClaimContext, type ClaimedReleases, checkedClaim, claimOf } from "./claim.ts";
export { type Mechanism, releasesOf } from "./mechanism.ts";
export { NoiseKey } from "./noise/keystream.ts";
export { privacyOptions } from "./options.ts";
export { type Circumstances, type Plan, type PrivacySettings, planOf, privacySettings } from "./plan.ts";
export { privately } from "./privately.ts";
export { privacySlot } from "./released.ts";
