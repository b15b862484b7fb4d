import type { DType } from "../tensor.ts";

/** One array of a program: produced by a node, or an input. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The node that produces it; undefined for inputs. */
  producer?: Node;
}

/** A scalar constant. */
export interface Literal {
  readonly literal: number;
  readonly shape: readonly [];
  readonly dtype: DType;
}

export type Atom = Value | Literal;

/** One primitive applied to atoms. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Atom[];
  // biome-ignore lint/suspicious/noExplicitAny: each primitive has its own parameters, typed where its rule reads them
  readonly params: any;
  readonly outputs: readonly Value[];
}

/** A straight-line program in static single assignment form, in execution order. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly Atom[];
}

export const isLiteral = (a: Atom): a is Literal => "literal" in a;

/** The node that produced an atom when it has the given primitive. */
export function producedBy(a: Atom, op: string): Node | undefined {
  return !isLiteral(a) && a.producer?.op === op ? a.producer : undefined;
}

/** The number of times that each value is read, by nodes and by the outputs. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  const read = (a: Atom) => {
    if (!isLiteral(a)) uses.set(a, (uses.get(a) ?? 0) + 1);
  };
  for (const node of graph.nodes) node.inputs.forEach(read);
  graph.outputs.forEach(read);
  return uses;
}
