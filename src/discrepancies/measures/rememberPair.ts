import type { EmpiricalMeasure } from "../discrepancy.ts";

/** Results by pair of measures and a name, for records that read one computation; they live as long as both measures. */
export function rememberPair<T>(): (
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  name: string,
  compute: () => Promise<T>,
) => Promise<T> {
  const kept = new WeakMap<EmpiricalMeasure, WeakMap<EmpiricalMeasure, Map<string, Promise<T>>>>();
  return (a, b, name, compute) => {
    const others = kept.get(a) ?? new WeakMap<EmpiricalMeasure, Map<string, Promise<T>>>();
    kept.set(a, others);
    const known = others.get(b) ?? new Map<string, Promise<T>>();
    others.set(b, known);
    const result = known.get(name) ?? compute();
    known.set(name, result);
    // What was interrupted is no result to keep.
    result.catch(() => known.delete(name));
    return result;
  };
}
