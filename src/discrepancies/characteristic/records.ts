import type { Tensor } from "../../engine/index.ts";
import type { Discrepancy, EmpiricalMeasure, Estimate, MeasureContext } from "../discrepancy.ts";
import { defineDiscrepancy, oneSided, positive, rememberPair, wholeNumber } from "../measures/index.ts";
import { characteristicFunction } from "./characteristicFunction.ts";
import { frequencies } from "./frequencies.ts";

const settings = {
  frequencies: wholeNumber(512, 1, "frequencies sampled"),
  scale: positive(1, "standard deviation of the frequencies in units of 1 / median distance"),
};

const remembered = rememberPair<Float64Array>();

/** |F_a(t) − F_b(t)|² at every frequency t, [k, d] → [k]. */
export async function squaredDifferences(a: EmpiricalMeasure, b: EmpiricalMeasure, at: Tensor): Promise<Float64Array> {
  const [f, g] = [await characteristicFunction(a, at), await characteristicFunction(b, at)];
  return f.real.map((v, j) => (v - g.real[j]!) ** 2 + (f.imaginary[j]! - g.imaginary[j]!) ** 2);
}

/** The differences both records read, computed once. */
function differencesFor(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  { seed, settings }: MeasureContext,
): Promise<Float64Array> {
  const { frequencies: count, scale } = settings as Record<string, number>;
  const id = `${seed}|${count}|${scale}`;
  return remembered(a, b, id, () =>
    squaredDifferences(a, b, frequencies(a, b, { count: count!, scale: scale!, seed })),
  );
}

/** Root of the mean, with the standard error of the frequencies being a sample of their distribution; NaN of a single one. */
export function rootMean(squares: Float64Array): { value: number; stderr: number } {
  const k = squares.length;
  const mean = squares.reduce((sum, v) => sum + v, 0) / k;
  const variance = k > 1 ? squares.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (k - 1) : Number.NaN;
  const value = Math.sqrt(mean);
  return { value, stderr: value === 0 ? 0 : Math.sqrt(variance / k) / (2 * value) };
}

async function largest(a: EmpiricalMeasure, b: EmpiricalMeasure, context: MeasureContext): Promise<Estimate> {
  const squares = await differencesFor(a, b, context);
  const value = Math.sqrt(squares.reduce((most, v) => Math.max(most, v), 0));
  return {
    ...oneSided({ value, stderr: 0 }, "lower"),
    estimator: `largest at ${squares.length} Gaussian frequencies, a lower bound of the supremum`,
  };
}

const shared = { reference: "§3, characteristic discrepancy", labelAware: false, needsImages: false, settings };

/** Distances between characteristic functions (§3). */
export const characteristicDiscrepancies: readonly Discrepancy[] = [
  defineDiscrepancy({
    ...shared,
    name: "characteristic",
    title: "Characteristic discrepancy, L2",
    formula: "CD = (E_t |F_μ₁(t) − F_μ₂(t)|²)^½, F_μ(t) = E_μ exp(i⟨x, t⟩)",
    async measure(a, b, context) {
      const squares = await differencesFor(a, b, context);
      return { ...rootMean(squares), estimator: `all points, ${squares.length} Gaussian frequencies` };
    },
  }),
  defineDiscrepancy({
    ...shared,
    name: "characteristic-sup",
    title: "Characteristic discrepancy, L∞",
    formula: "CD = sup_t |F_μ₁(t) − F_μ₂(t)|",
    measure: largest,
  }),
];
