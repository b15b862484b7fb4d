import { type Resolved, type Tensor, work } from "../../engine/index.ts";
import { type Discrepancy, type EmpiricalMeasure, type MeasureContext, measured } from "../discrepancy.ts";
import { oneSided, positive, rememberPair } from "../measures/index.ts";
import { characteristicFunction } from "./characteristicFunction.ts";
import { frequencies } from "./frequencies.ts";
import { characteristicOptions, tracedCharacteristic } from "./traced.ts";

const sampling = {
  spread: positive(1, "standard deviation of the frequencies in units of 1 / median distance"),
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
  { frequencies: count, spread: scale }: Resolved<typeof characteristicOptions & typeof sampling>,
  { seed }: MeasureContext,
): Promise<Float64Array> {
  const at = () => frequencies(a, b, { count, scale, seed });
  return remembered(a, b, `${seed}|${count}|${scale}`, () => squaredDifferences(a, b, at()));
}

/** Root of the mean, with the standard error of the frequencies being a sample of their distribution; NaN of a single one. */
export function rootMean(squares: Float64Array): { value: number; stderr: number } {
  const k = squares.length;
  const mean = squares.reduce((sum, v) => sum + v, 0) / k;
  const variance = k > 1 ? squares.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (k - 1) : Number.NaN;
  const value = Math.sqrt(mean);
  return { value, stderr: value === 0 ? 0 : Math.sqrt(variance / k) / (2 * value) };
}

const traits = { labelAware: false, needsImages: false, options: sampling };
const reference = "§3, characteristic discrepancy";

const l2 = {
  title: "Characteristic discrepancy, L2",
  formula: "CD = (E_t |F_μ₁(t) − F_μ₂(t)|²)^½, F_μ(t) = E_μ exp(i⟨x, t⟩)",
  reference,
  citation: work(
    "S. Wang, Y. Yang, Z. Liu, C. Sun, X. Hu, C. He and L. Zhang",
    2025,
    "Dataset Distillation with Neural Characteristic Function: A Minmax Perspective",
    "CVPR",
  ),
  options: characteristicOptions,
  traced: tracedCharacteristic,
  measured: measured(
    {
      ...traits,
      async measure(a, b, options, context) {
        const squares = await differencesFor(a, b, options, context);
        return { ...rootMean(squares), estimator: `all points, ${squares.length} Gaussian frequencies` };
      },
    },
    characteristicOptions,
  ),
} satisfies Discrepancy;

const supremum = {
  title: "Characteristic discrepancy, L∞",
  formula: "CD = sup_t |F_μ₁(t) − F_μ₂(t)|",
  reference,
  options: characteristicOptions,
  measured: measured(
    {
      ...traits,
      async measure(a, b, options, context) {
        const squares = await differencesFor(a, b, options, context);
        const value = Math.sqrt(squares.reduce((most, v) => Math.max(most, v), 0));
        return {
          ...oneSided({ value, stderr: 0 }, "lower"),
          estimator: `largest at ${squares.length} Gaussian frequencies, a lower bound of the supremum`,
        };
      },
    },
    characteristicOptions,
  ),
} satisfies Discrepancy;

/** Distances between characteristic functions (§3), by name. */
export const characteristicDiscrepancies = { characteristic: l2, "characteristic-sup": supremum };
