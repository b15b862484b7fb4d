import { tensor } from "../src/engine/index.ts";
import type { BenchCase, Prepared } from "./case.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { type Comparison, compare, groupOf, type Parity, worst } from "./parity.ts";

/** A step with a state is compared after two runs too: momentum shows in the second only. */
const runsOf = ({ states }: BenchCase): number => (states ? 2 : 1);

/** The results of a case's first runs, to be compared: one, of steps with a state two. */
export async function firstRuns(body: BenchCase, run: () => Promise<NamedTensors>): Promise<NamedTensors[]> {
  const results: NamedTensors[] = [];
  for (let i = 0; i < runsOf(body); i++) results.push(copied(await run()));
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
