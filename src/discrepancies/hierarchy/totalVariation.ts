import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows, weightsOf } from "../measures/index.ts";

/**
 * The IPM over all functions bounded by 1: the total mass of |μ₁ − μ₂|, twice the total variation distance. Points are the
 * same where all their numbers are; two sets without a point in common have the largest value, 2. Labels play no part.
 */
export function boundedFunctionsIpm(a: EmpiricalMeasure, b: EmpiricalMeasure): number {
  const mass = new Map<string, number>();
  const add = (measure: EmpiricalMeasure, sign: number) => {
    const rows = asRows(measure);
    const weights = weightsOf(measure);
    const d = rows.shape[1]!;
    for (let i = 0; i < rows.shape[0]!; i++) {
      const id = rows.data.subarray(i * d, (i + 1) * d).join();
      mass.set(id, (mass.get(id) ?? 0) + sign * weights[i]!);
    }
  };
  add(a, 1);
  add(b, -1);
  let total = 0;
  for (const difference of mass.values()) total += Math.abs(difference);
  return total;
}
