import { spaceNamed } from "../synthetic/index.ts";
import type { Method, Term } from "./method.ts";

/** The description of a method that `attar methods --json` prints; the keys are stable. */
export interface MethodDescription {
  name: string;
  title: string;
  citation: string;
  discrepancy: string;
  matchingSpace: string;
  optimizedSpace: string;
  hypotheses: string;
  tricks: string[];
  formula: string;
}

/** A method's point on the four axes, read off its declaration. */
export function describe(method: Method): MethodDescription {
  const { authors, year, title, venue } = method.citation;
  const scheme = method.augmentation.split(":")[0]!;
  return {
    name: method.name,
    title: method.title,
    citation: `${authors} (${year}). ${title}. ${venue}.`,
    ...compared(method),
    hypotheses: method.hypotheses.name,
    tricks: [
      ...(scheme === "none" ? [] : [`${scheme}-augmentation`]),
      ...(method.labels?.learned ? ["learned labels"] : []),
      ...(method.labels?.teacher ? ["labels of a teacher"] : []),
      ...method.tricks.map((t) => t.name),
      ...(method.privacy ? ["privacy"] : []),
    ],
    formula: method.formula,
  };
}

/** The first three axes in words: what is compared, in which space, and where S lives. */
function compared({
  objective,
  synthetic,
  initialisation,
  tricks,
}: Method): Pick<MethodDescription, "discrepancy" | "matchingSpace" | "optimizedSpace"> {
  const optimizedSpace = synthetic.name;
  if ("solve" in objective)
    return { discrepancy: objective.criterion.name, matchingSpace: objective.solve.name, optimizedSpace };
  if ("none" in objective)
    return optimizedSpace === "pixels"
      ? { discrepancy: initialisation.name, matchingSpace: "pixels", optimizedSpace: "subset" }
      : { discrepancy: initialisation.name, matchingSpace: "codes", optimizedSpace };
  if (objective.match.length === 0)
    return { discrepancy: tricks.map(({ name }) => name).join(" + "), matchingSpace: "codes", optimizedSpace };
  const each = (pick: (term: Term) => string) => [...new Set(objective.match.map(pick))].join(" + ");
  return { discrepancy: each((t) => t.discrepancy.name), matchingSpace: each((t) => t.view.name), optimizedSpace };
}

/** The numbers that are stored of S and the images that a network trains on, in a sentence. */
export function storageOf(method: Method): string {
  if ("none" in method.objective && method.synthetic.name === "pixels") return "ipc real images per class";
  const kind = spaceNamed(method.synthetic.name);
  return kind.storage(
    Object.fromEntries(
      Object.entries(kind.options).map(([option, rule]) => [
        option,
        method.synthetic.options?.[option] ?? rule.default,
      ]),
    ),
  );
}
