import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { gradientOf, referenced, released, size } from "../../engine/index.ts";
import type { Network, Params, TracedParams } from "../network.ts";
import { networkText } from "../networks/parseNetwork.ts";
import { type FeatureKernel, featureKernel } from "./featureMap.ts";
import { type Prior, variances } from "./infiniteWidth.ts";

export interface EmpiricalNtkOptions {
  /**
   * With respect to which parameters: the network's own ("standard"), or standard normal ones that the layers scale by
   * weightStd/√fan_in and biasStd, whose kernel converges to the infinite-width one. "standard" when left out.
   */
  readonly parameterisation?: "standard" | Prior;
}

/**
 * The tangent kernel of one network (§2): k(x, y) = (1/K) Σ_c ∇_θ f_c(x)·∇_θ f_c(y), averaged over the K logits. Its features
 * are the gradients of all logits, K·|θ| numbers a point. A network with batch normalisation sees each image as a batch of its
 * own.
 */
export function empiricalNtk(
  network: Network,
  params: Params,
  options: EmpiricalNtkOptions = {},
): FeatureKernel<{ readonly params: Params }> {
  const { parameterisation = "standard" } = options;
  const v = parameterisation === "standard" ? undefined : variances(parameterisation);
  const kind = v ? `variances ${v.weight} and ${v.bias}` : "standard";
  const root = (name: string, shape: readonly number[]) =>
    Math.sqrt((v ? (name === "bias" ? v.bias : v.weight / size(shape.slice(1))) : 1) / network.classes);
  const name = `${kind} tangent kernel of ${networkText(network.spec)} on ${network.input}, ${network.classes} logits`;
  const kernel = featureKernel(name, { params }, (parameters, x) => {
    const p = (parameters as { params: TracedParams }).params;
    // One image and one logit at a time: pooling has no vmap rule.
    const rows = Array.from({ length: x.shape[0]! }, (_, i) => {
      const image = x.ref.slice([i, i + 1]);
      const gradients = Array.from({ length: network.classes }, (_, logit) => {
        const output = (q: TracedParams) => network.logits(q, image.ref).slice(0, logit);
        return scaled(gradientOf(output)(referenced(p)), root);
      });
      image.dispose();
      return np.concatenate(gradients.flat()).reshape([1, -1]);
    });
    x.dispose();
    released(p);
    return rows.length === 1 ? rows[0]! : np.concatenate(rows, 0);
  });
  return { ...kernel, chunk: 1 };
}

/** Every tensor's gradient as a vector, times the root of its factor in the kernel. */
function scaled(gradient: TracedParams, root: (name: string, shape: readonly number[]) => number): Traced[] {
  return Object.values(gradient).flatMap((tensors) =>
    Object.entries(tensors).map(([name, g]) => g.reshape([-1]).mul(root(name, g.shape))),
  );
}
