import { numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * (x − mean) / √(variance + ε) · weight + bias over groups of channels of each image (Wu and He 2018): [n, C, H, W], weight and bias [C].
 * Consumes its arguments.
 *
 * Means of groups are means of their planes' sums, so that all arithmetic on pixels is linear over planes, which compiled programs
 * collect into few passes over memory.
 */
export function groupNormalised(
  x: Traced,
  { weight, bias }: { readonly [name: string]: Traced },
  groups: number,
  epsilon: number,
): Traced {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const share = channels / groups;
  /** The mean of each group, once for every channel [n, C, 1, 1]. */
  const mean = (of: Traced): Traced => {
    const planes = np.sum(of, [2, 3]).reshape([n, groups, share]);
    const ofGroups = np.sum(planes, 2, { keepdims: true }).mul(1 / (share * height * width));
    return np.broadcastTo(ofGroups, [n, groups, share]).reshape([n, channels, 1, 1]);
  };
  const centred = x.ref.sub(mean(x));
  const scale = np.reciprocal(np.sqrt(mean(np.square(centred.ref)).add(epsilon)));
  return centred.mul(scale.mul(weight!.reshape([1, channels, 1, 1]))).add(bias!.reshape([1, channels, 1, 1]));
}
