import { AttarError, nearest } from "../../engine/errors.ts";
import type { MembershipAttack } from "./attack.ts";
import { lira, liraOffline, liraViews } from "./lira.ts";
import { rmia } from "./rmia.ts";
import { shokri } from "./shokri.ts";
import {
  calibrated,
  calibratedDistance,
  calibratedEmbeddingDistance,
  calibratedSsimDistance,
  distance,
  embeddingDistance,
  loss,
  ssimDistance,
} from "./threshold.ts";

export { type Distances, type Evidence, inSpaces, isSeen, type MembershipAttack, type SetSpace } from "./attack.ts";

/** The attacks on membership: those on networks, then those on the set itself. */
export const membershipAttacks: readonly MembershipAttack[] = [
  lira,
  liraViews,
  liraOffline,
  rmia,
  shokri,
  calibrated,
  loss,
  calibratedDistance,
  distance,
  calibratedEmbeddingDistance,
  embeddingDistance,
  calibratedSsimDistance,
  ssimDistance,
];

/** The attack of a name. @throws AttarError "unknown-attack" */
export function membershipAttackNamed(name: string): MembershipAttack {
  const found = membershipAttacks.find((attack) => attack.name === name);
  if (found) return found;
  const names = membershipAttacks.map((attack) => attack.name);
  const guess = nearest(name, names);
  throw new AttarError(
    "unknown-attack",
    `there is no attack on membership "${name}"`,
    guess ? `did you mean "${guess}"?` : `attacks: ${names.join(", ")}`,
  );
}
