import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";

/** x · sigmoid(x). */
export const silu = (x: Traced): Traced => x.ref.mul(nn.sigmoid(np.maximum(x, -30)));

/** x · channel's scale + channel's shift: batch normalisation under running moments, folded. Consumes its arguments. */
export function rescaled(x: Traced, { scale, shift }: { readonly [name: string]: Traced }): Traced {
  const own = [1, scale!.shape[0]!, 1, 1];
  return x.mul(scale!.reshape(own)).add(shift!.reshape(own));
}
