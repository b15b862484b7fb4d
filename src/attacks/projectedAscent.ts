import { ascend, type Ball, project } from "./ball.ts";
import type { Points } from "./points.ts";
import type { Victim } from "./victim.ts";

/** The length of a step as a share of the radius, where none is said: all steps together go 2.5 times as far as the ball. */
export const usualStep = (steps: number): number => 2.5 / steps;

/**
 * Steps of one length up the cross-entropy, each brought back into the ball and between black and white: the last iterate.
 *
 * @param start [n, d], in the ball
 * @param length of a step, in pixels
 */
export async function projectedAscent(
  victim: Victim,
  { images, labels }: Points,
  ball: Ball,
  start: Float64Array,
  { steps, length, signal }: { steps: number; length: number; signal?: AbortSignal | undefined },
): Promise<Float64Array> {
  const d = images.length / labels.length;
  const x = start.slice();
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const { gradient } = await victim.slope("cross-entropy", x, labels);
    for (let from = 0; from < x.length; from += d) {
      ascend(ball.norm, x, gradient, length, from, d);
      project(ball, images, x, from, d);
    }
  }
  return x;
}
