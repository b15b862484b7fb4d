import { AttarError, nearest } from "../engine/index.ts";
import { characteristicDiscrepancies } from "./characteristic/index.ts";
import { criterionDiscrepancies } from "./criterion/index.ts";
import type { Discrepancy } from "./discrepancy.ts";
import { generalizationDiscrepancies } from "./generalization/index.ts";
import { gradientDiscrepancies } from "./gradient/index.ts";
import { hausdorffDiscrepancies } from "./hausdorff/index.ts";
import { ipmDiscrepancies } from "./ipm/index.ts";
import { mmdDiscrepancies } from "./mmd/index.ts";
import { momentDiscrepancies } from "./moments/index.ts";
import { wassersteinDiscrepancies } from "./wasserstein/index.ts";

/** Every discrepancy of the theory, in the order of the paper's sections. */
export const discrepancies: readonly Discrepancy[] = [
  ...ipmDiscrepancies,
  ...mmdDiscrepancies,
  ...wassersteinDiscrepancies,
  ...characteristicDiscrepancies,
  ...hausdorffDiscrepancies,
  ...momentDiscrepancies,
  ...gradientDiscrepancies,
  ...criterionDiscrepancies,
  ...generalizationDiscrepancies,
];

/** @throws AttarError "unknown-discrepancy" */
export function discrepancyNamed(name: string): Discrepancy {
  const found = discrepancies.find((d) => d.name === name);
  if (found) return found;
  const names = discrepancies.map((d) => d.name);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-discrepancy",
    `unknown discrepancy "${name}"`,
    near ? `did you mean ${near}?` : `discrepancies: ${names.join(", ")}, or all`,
  );
}
