import { AttarError } from "../../engine/errors.ts";
import { bisected } from "./bisected.ts";
import { epsilonOf, type Spent } from "./epsilon.ts";
import { gaussianSigma } from "./gaussian.ts";
import type { Relation, Releases } from "./release.ts";
import { renyiEpsilon } from "./renyi.ts";
import { sigmaWhere } from "./sigmaWhere.ts";

/** The noise that a budget asks for, and what it costs exactly. */
export interface Calibrated {
  /** Rounded up to four decimals. */
  readonly sigma: number;
  readonly spent: Spent;
}

/** Releases whose noise is to be found. */
export type Planned = Omit<Releases, "sigma">;

const known = new Map<string, Calibrated>();

/**
 * The least σ, of four decimals, under which releases cost at most ε at δ by the accountant's upper bound.
 *
 * @param beside releases with a noise of their own that are paid from the same budget
 * @throws AttarError where those alone cost more
 */
export function sigmaFor(
  epsilon: number,
  delta: number,
  planned: Planned,
  relation: Relation = "add-remove",
  beside: readonly Releases[] = [],
): Calibrated {
  const key = JSON.stringify([epsilon, delta, planned, relation, beside]);
  let found = known.get(key);
  if (!found) {
    found = calibrated(epsilon, delta, planned, relation, beside);
    known.set(key, found);
  }
  return found;
}

function calibrated(
  epsilon: number,
  delta: number,
  planned: Planned,
  relation: Relation,
  beside: readonly Releases[],
): Calibrated {
  if (!(epsilon > 0 && Number.isFinite(epsilon)))
    throw new AttarError("bad-option", `ε must be a positive number, got ${epsilon}`, "for example --epsilon 1");
  if (epsilonOf(beside, delta, relation).upper >= epsilon)
    throw new AttarError(
      "budget-spent",
      `what is released beside costs ε ${epsilonOf(beside, delta, relation).upper.toPrecision(4)} alone, and ${epsilon} is all there is`,
      "use more noise for it, or a larger ε",
    );
  const all = (sigma: number): Releases[] => [{ ...planned, sigma }, ...beside];
  const spentAt = (sigma: number) => epsilonOf(all(sigma), delta, relation);
  if (planned.rate === 1 && beside.length === 0) {
    const steps = Math.sqrt(planned.steps) * (relation === "add-remove" ? 1 : 2);
    return roundedUp(gaussianSigma(epsilon, delta) * steps, epsilon, spentAt);
  }
  let most = 1;
  while (renyiEpsilon(all(most), delta, relation) > epsilon) {
    most *= 2;
    if (most > 2 ** 30) throw new AttarError("budget-spent", `no noise keeps ε ${epsilon}`, "use a larger ε");
  }
  const right = bisected((sigma) => renyiEpsilon(all(sigma), delta, relation) <= epsilon, 0, most);
  return roundedUp(
    sigmaWhere(epsilon, right, (sigma) => spentAt(sigma).upper),
    epsilon,
    spentAt,
  );
}

/** The least number of four decimals from a σ on that keeps ε. */
function roundedUp(sigma: number, epsilon: number, spentAt: (sigma: number) => Spent): Calibrated {
  for (let n = Math.ceil(sigma * 1e4 - 1e-6); ; n++) {
    const rounded = n / 1e4;
    const spent = spentAt(rounded);
    if (spent.upper <= epsilon) return { sigma: rounded, spent };
  }
}
