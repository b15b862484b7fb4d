import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { dilated, firAfterUp } from "./fir.ts";

/** Added to the squared length of a demodulated kernel. */
const epsilon = 1e-8;

/**
 * A convolution whose kernel's input channels are scaled by each sample's style, and whose outputs are brought to unit variance
 * (Karras et al. 2020): maps [n, I, h, w], kernel [O, I, k, k], styles [n, I] → [n, O, …]. One kernel for all samples: inputs are scaled before
 * it, and outputs after it by d = 1 / √(Σ (w s)² + 1e-8), which is s² times the squared lengths of w. With `up` the convolution is a transposed
 * one in steps of two (its kernel is correlated as it is), then filtered. Consumes all.
 */
export function modulated(
  maps: Traced,
  kernel: Traced,
  styles: Traced,
  { demodulate, up }: { readonly demodulate: boolean; readonly up: boolean },
): Traced {
  const [n, inputs] = styles.shape as [number, number];
  const [outputs, , side] = kernel.shape as [number, number, number, number];
  const scaled = maps.mul(styles.ref.reshape([n, inputs, 1, 1]));
  const lengths = demodulate
    ? lax.dot(np.square(styles.ref), np.sum(np.square(kernel.ref), [2, 3]), {
        lhsContractingDims: [1],
        rhsContractingDims: [1],
      })
    : undefined;
  styles.dispose();
  const pad = up ? 0 : (side - 1) / 2;
  const plain = lax.convGeneralDilated(
    up ? dilated(scaled) : scaled,
    kernel,
    [1, 1],
    [
      [pad, pad],
      [pad, pad],
    ],
  );
  const filtered = up ? firAfterUp(plain) : plain;
  if (!lengths) return filtered;
  return filtered.mul(np.reciprocal(np.sqrt(lengths.add(epsilon))).reshape([n, outputs, 1, 1]));
}
