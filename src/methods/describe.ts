import { spaceNamed } from "../synthetic/index.ts";
import type { MatchMethod, Method } from "./method.ts";

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
  objective: string;
}

/** A method's point on the four axes, read off its declaration. */
export function describe(method: Method): MethodDescription {
  const { authors, year, title, venue } = method.citation;
  const { name, objective } = method;
  const citation = `${authors} (${year}). ${title}. ${venue}.`;
  if (method.loop === "select")
    return {
      name,
      title: method.title,
      citation,
      discrepancy: method.selection.name,
      matchingSpace: "pixels",
      optimizedSpace: "subset",
      hypotheses: "none",
      tricks: [],
      objective,
    };
  const tricks = (scheme: string) => (scheme === "none" ? [] : [`${scheme}-augmentation`]);
  const scheme = method.augmentation.split(":")[0]!;
  if (method.loop === "bilevel")
    return {
      name,
      title: method.title,
      citation,
      discrepancy: method.criterion.name,
      matchingSpace: method.solver.name,
      optimizedSpace: method.synthetic.name,
      hypotheses: method.hypotheses.name,
      tricks: [...tricks(scheme), ...(method.labels?.learned ? ["learned labels"] : [])],
      objective,
    };
  const each = (pick: (term: MatchMethod["terms"][number]) => string) =>
    [...new Set(method.terms.map(pick))].join(" + ");
  return {
    name,
    title: method.title,
    citation,
    discrepancy: each((t) => t.discrepancy.name),
    matchingSpace: each((t) => t.view.name),
    optimizedSpace: method.synthetic.name,
    hypotheses: method.hypotheses.name,
    tricks: [...tricks(scheme), ...method.tricks.map((t) => t.name)],
    objective,
  };
}

/** The numbers that are stored of S and the images that a network trains on, in a sentence. */
export function storageOf(method: Method): string {
  if (method.loop === "select") return "ipc real images per class";
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
