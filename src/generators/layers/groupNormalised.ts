import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { perChannel } from "./convolved.ts";

/** (x − mean) / √(variance + ε) · weight + bias over groups of channels of each image [n, C, H, W] (Wu and He 2018). Consumes its arguments. */
export function groupNormalised(
  x: Traced,
  { weight, bias }: { readonly [name: string]: Traced },
  groups: number,
  epsilon: number,
): Traced {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const count = (channels / groups) * height * width;
  const grouped = x.reshape([n, groups, count]);
  const centred = grouped.sub(np.sum(grouped.ref, 2, { keepdims: true }).mul(1 / count));
  const variance = np.sum(np.square(centred.ref), 2, { keepdims: true }).mul(1 / count);
  return centred
    .mul(np.reciprocal(np.sqrt(variance.add(epsilon))))
    .reshape([n, channels, height, width])
    .mul(perChannel(weight!))
    .add(perChannel(bias!));
}
