import { methodFrom, type PartsDescription } from "../condense/index.ts";
import type { Method } from "../methods/index.ts";

/** The places of a record in which a part can be exchanged, by the word that settings of its options begin with. */
export const slots = [
  "view",
  "discrepancy",
  "criterion",
  "solver",
  "synthetic",
  "initialisation",
  "hypotheses",
  "tricks",
] as const;
export type Slot = (typeof slots)[number];

/** Parts that stand in for a method's own: a name a slot; of tricks several names, joined by commas, or none. */
export type Parts = Readonly<Partial<Record<Slot, string>>>;

type Part = { readonly name: string; readonly options?: object };

/** A part of another name has options of its own: those of the one before say nothing about it. */
const exchanged = (part: Part, name: string | undefined): Part =>
  name === undefined || name === part.name ? part : { name };

/**
 * A method with some of its parts exchanged; terms of a matching objective all alike.
 *
 * @throws AttarError "bad-method" where the parts do not go together
 */
export function withParts(method: Method, parts: Parts): Method {
  if (Object.keys(parts).length === 0) return method;
  const { row: _, departures: __, ...own } = method;
  const { objective, tricks } = own;
  const named = parts.tricks?.split(",").filter((name) => name !== "");
  return methodFrom({
    ...own,
    name: `${method.name}-changed`,
    title: `${method.title}, with other parts`,
    objective:
      "match" in objective
        ? {
            match: objective.match.map((term) => ({
              ...term,
              view: exchanged(term.view, parts.view),
              discrepancy: exchanged(term.discrepancy, parts.discrepancy),
            })),
          }
        : "solve" in objective
          ? {
              solve: exchanged(objective.solve, parts.solver),
              criterion: exchanged(objective.criterion, parts.criterion),
            }
          : objective,
    synthetic: exchanged(own.synthetic, parts.synthetic),
    initialisation: exchanged(own.initialisation, parts.initialisation),
    hypotheses: exchanged(own.hypotheses, parts.hypotheses),
    tricks: named ? named.map((name) => tricks.find((trick) => trick.name === name) ?? { name }) : tricks,
  });
}

/** Tells whether a part can be exchanged. */
export const isSlot = (head: string): head is Slot => slots.some((slot) => slot === head);

/** The names that may stand in a slot, with their titles. */
export const namesFor = (slot: Slot, descriptions: readonly PartsDescription[]) =>
  descriptions.find(({ head }) => head === slot)?.parts ?? [];
