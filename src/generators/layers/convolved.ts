import { lax, type Array as Traced } from "@jax-js/jax";

/** A number a channel beside [n, C, H, W]. */
export const perChannel = (values: Traced): Traced => values.reshape([1, values.shape[0]!, 1, 1]);

/** Zeros before and after each line of an image, down and across alike. */
export type Padding = readonly [before: number, after: number];

/**
 * The convolution (cross-correlation) of [n, C, H, W] with weight [C', C, k, k], plus a bias [C'] where the layer has one; as many zeros
 * on every side as keep the size under stride 1, unless told otherwise. Consumes what it is given.
 */
export function convolved(
  x: Traced,
  { weight, bias }: { readonly [name: string]: Traced },
  { stride = 1, padding }: { readonly stride?: number; readonly padding?: Padding } = {},
): Traced {
  const half = (weight!.shape[2]! - 1) >> 1;
  const [before, after] = padding ?? [half, half];
  const pads: [number, number][] = [
    [before, after],
    [before, after],
  ];
  const y = lax.convGeneralDilated(x, weight!, [stride, stride], pads);
  return bias ? y.add(perChannel(bias)) : y;
}

/** x Wᵀ + b: [n, in] → [n, out]; weight [out, in], bias [out] where the layer has one. Consumes what it is given. */
export function connected(x: Traced, { weight, bias }: { readonly [name: string]: Traced }): Traced {
  const y = lax.dot(x, weight!, { lhsContractingDims: [1], rhsContractingDims: [1] });
  return bias ? y.add(bias.reshape([1, bias.shape[0]!])) : y;
}
