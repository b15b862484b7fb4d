import type { BlockMeans } from "./blockMeans.ts";

/**
 * ‖E_a f − E_b f‖₂ from samples. The squared distance of two sample means is too large by the traces of their covariances;
 * these are estimated from the blocks and taken off, and the standard error comes from the blocks' spread along the
 * difference. Where both samples are the measures themselves the distance is exact and the error 0; where a sample is a single
 * block its spread is not known, and the error is NaN.
 */
export function distanceOfMeans(a: BlockMeans, b: BlockMeans): { value: number; stderr: number } {
  const difference = a.mean.map((v, j) => v - b.mean[j]!);
  const squared = dot(difference, difference);
  if (a.share === 1 && b.share === 1) return { value: Math.sqrt(squared), stderr: 0 };
  let [excess, along] = [0, 0];
  for (const { mean, blocks, share } of [a, b]) {
    if (share === 1) continue;
    const factor = ((1 - share) * blocks.length) / Math.max(1, blocks.length - 1);
    for (const block of blocks) {
      const offset = mean.map((v, j) => block.mean[j]! - v);
      excess += factor * block.mass ** 2 * dot(offset, offset);
      along += factor * block.mass ** 2 * dot(offset, difference) ** 2;
    }
  }
  const value = Math.sqrt(Math.max(0, squared - excess));
  if ([a, b].some(({ share, blocks }) => share < 1 && blocks.length < 2)) return { value, stderr: Number.NaN };
  if (squared === 0) return { value, stderr: 0 };
  // Far from zero the delta method; near zero the distance is known to within the noise of the means.
  return { value, stderr: Math.min(Math.sqrt(excess), Math.sqrt(along) / Math.max(value, Number.MIN_VALUE)) };
}

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j]! * y[j]!;
  return sum;
}
