import type { CondenseOptions } from "../condense/index.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import { meanOf } from "./attacks/sides.ts";
import type { AuditedSubject } from "./auditedSubject.ts";
import { equalSubset } from "./equalAccuracy.ts";
import type { Game } from "./game.ts";
import type { AuditSubject, Shadow } from "./shadow.ts";

/**
 * What stands beside the audited method: a random subset of the same size, the half itself, and a random subset of the size at which
 * networks are as accurate as on the method's sets.
 */
export type Control = "random" | "full" | "equal";

/** The controls, in the order of tables. */
export const controls: readonly Control[] = ["random", "full", "equal"];

/** A random subset of the half, `ipc` images a class. */
const randomOf = (ipc: number, name = "random"): AuditSubject => ({
  name,
  method: methodNamed("random"),
  options: { ipc },
});

/** The method with its options, and what stands beside it. The size of the subset of equal accuracy is not known yet. */
export function subjectsOf(method: Method, options: CondenseOptions, beside: readonly Control[]): AuditSubject[] {
  const ipc = options.ipc ?? 10;
  return [
    { name: method.name, method, options },
    ...beside
      .filter((control) => control !== method.name)
      .map((control): AuditSubject => (control === "full" ? { name: control } : randomOf(ipc, control))),
  ];
}

/** Models on which the size of the subset of equal accuracy is found. */
const triedOn = 2;

/** The random subset whose networks are as accurate as those of the method. */
export async function equalOf(
  { accuracy }: Pick<AuditedSubject, "accuracy">,
  ipc: number,
  game: Game,
  modelsOf: (subject: AuditSubject, count: number, name: string, counts: boolean) => Promise<readonly Shadow[]>,
): Promise<AuditSubject> {
  const found = await equalSubset(accuracy.mean, ipc, smallestClass(game), async (each) => {
    const made = await modelsOf(randomOf(each), triedOn, "equal", false);
    return made.reduce((sum, { accuracies }) => sum + meanOf(accuracies), 0) / made.length;
  });
  return randomOf(found, "equal");
}

/** The samples of the smallest class in any half: the most that a subset can have of each class. */
function smallestClass({ dataset: { classes }, labels, members }: Game): number {
  return Math.min(
    ...members.map((own) => {
      const counts = new Int32Array(classes.length);
      for (const [i, label] of labels.entries()) counts[label]! += own[i]!;
      return counts.reduce((least, v) => Math.min(least, v));
    }),
  );
}
