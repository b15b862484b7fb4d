import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { checkMeasures } from "../discrepancies/measures/index.ts";
import { AttarError } from "../engine/index.ts";

/**
 * Refuses sides that cannot be compared at all: points of different shapes, values that are not finite, labels that fit no
 * class, and a side of one sample.
 */
export function checkSides(a: EmpiricalMeasure, b: EmpiricalMeasure): void {
  checkMeasures(a, b);
  for (const { name, labels } of [a, b])
    if (labels.length === 1)
      throw new AttarError(
        "one-sample",
        `${name} is one sample, and a distance between distributions needs two or more on either side`,
        "name a larger set, for example mnist:train[0:100]",
      );
}

/** The way in which labels of both sides mean the same: as they are, after renaming B's classes, or not at all. */
export type ClassMatch =
  | { readonly agree: true; readonly b: EmpiricalMeasure }
  | { readonly agree: false; readonly why: AttarError };

/**
 * Brings B's classes into A's order where both have the same names. By position, names are ignored and only their number
 * must agree.
 */
export function matchClasses(a: EmpiricalMeasure, b: EmpiricalMeasure, byPosition: boolean): ClassMatch {
  const differ = (what: string, hint: string) =>
    ({ agree: false, why: new AttarError("classes-differ", what, hint) }) as const;
  const [n, m] = [a.classes.length, b.classes.length];
  if (n !== m)
    return differ(
      `${a.name} has ${n} classes and ${b.name} has ${m}`,
      "choose discrepancies that ignore labels: attar measure --list says which do",
    );
  if (byPosition) return { agree: true, b: { ...b, classes: a.classes } };
  const to = b.classes.map((name) => a.classes.indexOf(name));
  const odd = to.findIndex((at) => at < 0);
  if (odd >= 0)
    return differ(
      `class "${b.classes[odd]}" of ${b.name} is no class of ${a.name}`,
      "--by-position takes the first class of either as the same, and so on",
    );
  if (to.every((at, from) => at === from)) return { agree: true, b };
  return { agree: true, b: { ...b, classes: a.classes, labels: b.labels.map((label) => to[label]!) } };
}
