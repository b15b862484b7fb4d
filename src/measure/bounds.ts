import type { EmpiricalMeasure, MeasureContext } from "../discrepancies/discrepancy.ts";
import { hierarchy } from "../discrepancies/hierarchy/index.ts";
import { wassersteinDistance } from "../discrepancies/wasserstein/exact.ts";
import { AttarError, randomKey, type Tensor } from "../engine/index.ts";
import { exponentialKernel, kernelMatrix, medianHeuristic } from "../hypotheses/kernels/index.ts";
import type { Bound } from "./measurement.ts";
import { untilAborted } from "./untilAborted.ts";

/**
 * Both sides of every inequality of §3 on a sample of the sets, MMD's under a Gaussian kernel; none where it is interrupted.
 *
 * @throws AttarError as the discrepancies do
 */
export async function bounds(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  context: Pick<MeasureContext, "seed" | "network" | "signal">,
): Promise<readonly Bound[]> {
  const wasserstein1 = (x: EmpiricalMeasure, y: EmpiricalMeasure) => wassersteinDistance(x, y, { p: 1 });
  const work = hierarchy(a, b, context, { wasserstein1, gram: gaussian(a, b, context.seed) });
  try {
    return await untilAborted(work, context.signal);
  } catch (error) {
    if (context.signal?.aborted) return [];
    throw error;
  }
}

/** The Gaussian kernel's Gram matrices; undefined where the sets' points are copies of one and it has no bandwidth. */
function gaussian(a: EmpiricalMeasure, b: EmpiricalMeasure, seed: number) {
  try {
    const kernel = exponentialKernel(2, medianHeuristic(a.points, b.points, 2, randomKey(seed).fold("bounds")));
    return (x: Tensor, y: Tensor) => kernelMatrix(kernel, x, y);
  } catch (error) {
    if (error instanceof AttarError && error.code === "no-bandwidth") return undefined;
    throw error;
  }
}
