import type { Stateful } from "../engine/index.ts";
import type { Feed, Hypothesis, HypothesisSource } from "../hypotheses/index.ts";
import { guardAfter, guardOf } from "./divergence.ts";
import type { State, Tensors } from "./state.ts";
import type { Update } from "./update.ts";

/** A step that was taken, as the parts see it that keep something of it. */
export interface StepTaken {
  /** Its number, from 0. */
  readonly step: number;
  readonly loss: number;
  readonly hypotheses: readonly Hypothesis[];
  /** What networks train on now: S as the step left it. */
  readonly feed: Feed;
}

/** A part of the loop that owns a slot of its state. */
export type StatefulPart = Stateful<StepTaken>;

/** The loop's own parts that keep something: the update, the guard against divergence, networks, and the choice of real images. */
export const ownParts = (update: Update, source: HypothesisSource): readonly StatefulPart[] => [
  { slot: "update", initial: (variables) => update.start(variables) },
  {
    slot: "guard",
    initial: guardOf,
    after: ({ step, loss }, kept) => guardAfter(kept, step, loss),
  },
  {
    slot: "hypotheses",
    after: ({ step, hypotheses, feed }, kept) => source.after(step, hypotheses, kept, feed),
    dispose: () => source.dispose?.(),
  },
  { slot: "proxy" },
];

/** The parts of a run, each with a slot of its own. @throws RangeError where two have one name, or one has the variables' */
export function distinct(parts: readonly StatefulPart[]): readonly StatefulPart[] {
  const names = ["variables", ...parts.map(({ slot }) => slot)];
  for (const [i, name] of names.entries())
    if (names.indexOf(name) < i || name === "" || name.includes("/"))
      throw new RangeError(`"${name}" cannot be the slot of another part`);
  return parts;
}

/** The slots before the first step. */
export const initialSlots = (parts: readonly StatefulPart[], variables: Tensors): State["slots"] => ({
  variables,
  ...Object.fromEntries(parts.flatMap(({ slot, initial }) => (initial ? [[slot, initial(variables)]] : []))),
});

/** The slots after a step, of the parts in their order. @param slots as the step before left them, or as this one changed them */
export async function slotsAfter(
  parts: readonly StatefulPart[],
  taken: StepTaken,
  slots: State["slots"],
): Promise<State["slots"]> {
  const next: Record<string, Tensors> & { variables: Tensors } = { ...slots };
  for (const part of parts) {
    const kept = slots[part.slot] ?? {};
    next[part.slot] = part.after ? await part.after(taken, kept) : kept;
  }
  return next;
}
