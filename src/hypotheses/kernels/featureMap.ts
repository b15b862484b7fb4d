import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { flatPoints, type Kernel, type TensorTree, type TracedTree } from "./kernel.ts";

/** A kernel given by its feature map φ: k(x, y) = φ(x)·φ(y). */
export type FeatureKernel<P extends TensorTree = TensorTree> = Kernel<P> & Required<Pick<Kernel, "features">>;

/** The kernel of a traced feature map [n, …] → [n, F] that consumes both its arguments. */
export function featureKernel<P extends TensorTree>(
  name: string,
  parameters: P,
  features: (parameters: TracedTree, x: Traced) => Traced,
): FeatureKernel<P> {
  return {
    name,
    parameters,
    features,
    matrix: (p, x, y) => {
      const [n, m] = [x.shape[0]!, y.shape[0]!];
      // One pass through the map for both sets: parameters are consumed once.
      const both = features(p, np.concatenate([x, y], 0));
      const own = both.ref.slice([0, n]);
      return lax.dot(own, both.slice([n, n + m]), { lhsContractingDims: [1], rhsContractingDims: [1] });
    },
    diagonal: (p, x) => np.sum(np.square(features(p, x)), 1),
  };
}

/** k(x, y) = x·y over flattened points: its mean embedding is the mean, so that it tells means apart and nothing else. */
export function linearKernel(): FeatureKernel {
  return featureKernel("linear kernel", {}, (_, x) => flatPoints(x));
}
