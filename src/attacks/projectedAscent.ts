import { ascend, type Ball, project } from "./ball.ts";
import type { Victim } from "./victim.ts";

/** The gradient of a loss in the pixels of every image [n, d], of that image alone. */
export type PixelSlope = (images: Float64Array) => Promise<Float64Array>;

/** The length of a step as a share of the radius, where none is said: all steps together go 2.5 times as far as the ball. */
export const usualStep = (steps: number): number => 2.5 / steps;

/**
 * Steps of one length up a loss, each brought back into the ball and between black and white: the last iterate.
 *
 * @param images [n, d], around which the ball is
 * @param start [n, d], in the ball
 * @param length of a step, in pixels
 */
export async function projectedAscent(
  slope: PixelSlope,
  images: Float64Array,
  d: number,
  ball: Ball,
  start: Float64Array,
  { steps, length, signal }: { steps: number; length: number; signal?: AbortSignal | undefined },
): Promise<Float64Array> {
  const x = start.slice();
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const gradient = await slope(x);
    for (let from = 0; from < x.length; from += d) {
      ascend(ball.norm, x, gradient, length, from, d);
      project(ball, images, x, from, d);
    }
  }
  return x;
}

/** The gradient of a victim's cross-entropy. */
export const upCrossEntropy =
  (victim: Victim, labels: Int32Array): PixelSlope =>
  async (images) =>
    (await victim.slope("cross-entropy", images, labels)).gradient;
