import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { perRuntime, sumOverSamples, Tensor } from "../../engine/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows, unitWeights } from "../measures/index.ts";

/** F_μ(t) = E_μ exp(i⟨x, t⟩) at every frequency. */
export interface CharacteristicFunction {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Points a product is made of at a time. */
const chunk = 256;

type Samples = { points: Traced; weights: Traced };
const sums = perRuntime(() => sumOverSamples(characteristicSums, { name: "characteristic function" }));

/** The characteristic function of a measure at frequencies [k, d], one pass over its points (§3). */
export async function characteristicFunction(
  measure: EmpiricalMeasure,
  frequencies: Tensor,
): Promise<CharacteristicFunction> {
  const count = measure.points.shape[0]!;
  const weights = new Tensor(unitWeights(measure), [count], "float32");
  const total = await sums()(frequencies, { points: asRows(measure), weights }, chunk);
  const mean = (t: Tensor) => Float64Array.from(t.data, (v) => v / count);
  return { real: mean(total.real), imaginary: mean(total.imaginary) };
}

/**
 * The statistic: Σ w cos⟨x, t⟩ and Σ w sin⟨x, t⟩. Frequencies [k, d], points [n, d], weights [n] → two of [k]. Consumes all.
 */
function characteristicSums(frequencies: Traced, { points, weights }: Samples): { real: Traced; imaginary: Traced } {
  const phase = np.matmul(points, frequencies.transpose());
  const w = weights.reshape([1, weights.shape[0]!]);
  const total = (v: Traced) => np.matmul(w.ref, v).reshape([v.shape[1]!]);
  const real = total(np.cos(phase.ref));
  const imaginary = total(np.sin(phase));
  w.dispose();
  return { real, imaginary };
}
