import type { EmpiricalMeasure, MeasureContext } from "../discrepancies/discrepancy.ts";
import { hierarchy } from "../discrepancies/hierarchy/index.ts";
import { wassersteinDistance } from "../discrepancies/wasserstein/exact.ts";
import type { Bound } from "./measurement.ts";
import { untilAborted } from "./untilAborted.ts";

/** Both sides of every inequality of §3 on a sample of the sets; none where it is interrupted. */
export async function bounds(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: Pick<MeasureContext, "seed" | "network" | "signal">,
): Promise<readonly Bound[]> {
  const { signal } = context;
  const wasserstein1 = (x: EmpiricalMeasure, y: EmpiricalMeasure) => wassersteinDistance(x, y, { p: 1 });
  try {
    return await untilAborted(hierarchy(a, b, context, { wasserstein1 }), signal);
  } catch (error) {
    if (signal?.aborted) return [];
    throw error;
  }
}
