import type { Method } from "./method.ts";

/** What `attar methods --json` prints of a method; the keys are stable. */
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
  return {
    name: method.name,
    title: method.title,
    citation: `${authors} (${year}). ${title}. ${venue}.`,
    discrepancy: method.discrepancy.name,
    matchingSpace: method.view.name,
    optimizedSpace: method.synthetic.name,
    hypotheses: method.hypotheses.name,
    tricks: method.tricks.map((t) => t.name),
    objective: method.objective,
  };
}
