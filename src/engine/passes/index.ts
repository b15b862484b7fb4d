import type { Graph } from "../graph/graph.ts";
import { algebra } from "./algebra.ts";
import { commonSubexpressions } from "./commonSubexpressions.ts";
import { contractions } from "./contractions.ts";
import { deadCode } from "./deadCode.ts";
import { fusedNormalisation } from "./fusedNormalisation.ts";
import { planewise } from "./planewise.ts";
import { smallerKernel } from "./smallerKernel.ts";
import { vanishing } from "./vanishing.ts";

/** All passes in order. Algebra runs twice: common subexpressions uncover more of it. */
export function optimise(graph: Graph): Graph {
  const plain = vanishing(commonSubexpressions(algebra(contractions(smallerKernel(deadCode(graph))))));
  const simplified = commonSubexpressions(algebra(deadCode(plain)));
  const normalised = deadCode(fusedNormalisation(deadCode(simplified)));
  return deadCode(commonSubexpressions(algebra(planewise(normalised)), true));
}
