import { numpy as np } from "@jax-js/jax";
import type { Network, Params } from "../network.ts";
import { type FeatureKernel, featureKernel } from "./featureMap.ts";
import { type Prior, variances } from "./infiniteWidth.ts";
import { networkName, type Pool, stackedFeatures } from "./nfk.ts";

/**
 * NNGP kernel of a wide network by random features (Loo et al. 2022, §5.2.2): the average of weightStd²·ψ(x)·ψ(y)/F + biasStd²
 * over networks drawn by {@link gaussianParameters}. Converges to the infinite-width kernel as the number of networks times
 * their width grows.
 */
export function randomFeatureNngp(network: Network, pool: readonly Params[], prior: Prior = {}): FeatureKernel<Pool> {
  const { weight, bias } = variances(prior);
  const root = Math.sqrt(weight / (pool.length * network.features));
  const name = `nngp of ${pool.length} ${networkName(network)}, variances ${weight} and ${bias}`;
  return featureKernel(name, { pool }, (parameters, x) => {
    const n = x.shape[0]!;
    const features = stackedFeatures(network, parameters, x, root);
    return bias === 0 ? features : np.concatenate([features, np.full([n, 1], Math.sqrt(bias))], 1);
  });
}
