import { tensor } from "../src/engine/index.ts";
import type { BenchCase, Prepared } from "./case.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { type Comparison, compare, groupOf, type Parity, worst } from "./parity.ts";

/** The results of a case's first runs, to be compared. */
export async function firstRuns({ runs = 1 }: BenchCase, run: () => Promise<NamedTensors>): Promise<NamedTensors[]> {
  const results: NamedTensors[] = [];
  for (let i = 0; i < runs; i++) results.push(copied(await run()));
  return results;
}

/** Whether both sides' first runs computed the same. */
export function parityOf(
  body: BenchCase,
  { tensors }: Pick<Prepared, "tensors">,
  ours: readonly NamedTensors[],
  theirs: readonly NamedTensors[],
): Parity {
  const states = Object.fromEntries(Object.entries(tensors).filter(([name]) => body.states?.includes(groupOf(name))));
  const how: Comparison = {
    states,
    ...(body.tolerances && { tolerances: body.tolerances }),
    ...(body.tolerance && { otherwise: body.tolerance }),
  };
  return worst(ours.map((result, i) => compare(result, theirs[i]!, how)));
}

/** A run may write its next state where the last one is. */
function copied(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, tensor(t.data.slice(), t.shape)]));
}
