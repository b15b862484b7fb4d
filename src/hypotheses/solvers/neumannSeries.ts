import type { LinearMap, LinearSolution } from "./conjugateGradient.ts";
import { addScaled, dot } from "./parameterVector.ts";

export interface NeumannOptions {
  /** Terms of the series; 50. */
  readonly terms?: number;
  /** ρ below 2 / λmax(A), or the series diverges. */
  readonly rate: number;
}

/**
 * A⁻¹ b ≈ ρ Σₖ (I − ρA)ᵏ b (Lorraine, Vicol and Duvenaud 2020): what unrolling gradient descent with rate ρ at its fixed point
 * gives, one step a term.
 */
export async function neumannSeries(
  apply: LinearMap,
  b: Float32Array,
  { terms = 50, rate }: NeumannOptions,
): Promise<LinearSolution> {
  const solution = new Float32Array(b.length);
  const term = b.slice();
  for (let k = 0; k < terms; k++) {
    addScaled(solution, term, rate);
    addScaled(term, await apply(term), -rate);
  }
  // The next term is b − A x.
  const scale = dot(b, b);
  return { solution, residual: scale === 0 ? 0 : Math.sqrt(dot(term, term) / scale), iterations: terms };
}
