import { AttarError, nearest } from "../engine/index.ts";
import { apgdCe, apgdDlr } from "./apgdLoss.ts";
import { apgdTargeted } from "./apgdTargeted.ts";
import type { Attack } from "./attack.ts";
import { bim } from "./bim.ts";
import { cw } from "./cw.ts";
import { deepfool } from "./deepfool.ts";
import { fabTargeted } from "./fab.ts";
import { fgsm } from "./fgsm.ts";
import { pgd } from "./pgd.ts";
import { square } from "./square.ts";

/** All attacks. */
export const attacks: readonly Attack[] = [
  fgsm,
  bim,
  pgd,
  apgdCe,
  apgdDlr,
  apgdTargeted,
  cw,
  deepfool,
  fabTargeted,
  square,
];

/** The attacks of the standard AutoAttack, in the order in which each is tried on what the ones before have left. */
export const autoAttack: readonly Attack[] = [apgdCe, apgdTargeted, fabTargeted, square];

/** The attack of that name. @throws AttarError "unknown-attack" */
export function attackNamed(name: string): Attack {
  const found = attacks.find((attack) => attack.name === name);
  if (found) return found;
  const names = attacks.map((attack) => attack.name);
  const near = nearest(name, [...names, "autoattack"]);
  throw new AttarError(
    "unknown-attack",
    `there is no attack "${name}"`,
    near ? `did you mean "${near}"?` : `attacks: ${names.join(", ")}, autoattack`,
  );
}
