import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Network, Params, TracedParams } from "../network.ts";
import { networkText } from "../networks/parseNetwork.ts";
import { type FeatureKernel, featureKernel } from "./featureMap.ts";
import { type Prior, variances } from "./infiniteWidth.ts";
import type { TracedTree } from "./kernel.ts";

type Pool = { readonly pool: readonly Params[] };

const text = (network: Network) => `${networkText(network.spec)} on ${network.input}`;

/**
 * Neural feature kernel (Zhou et al. 2022, §5.2.2): k(x, y) = mean over a pool of networks of ψ_θ(x)·ψ_θ(y), with ψ the input of
 * the last linear layer. A pool of one is FRePo's kernel.
 */
export function neuralFeatureKernel(network: Network, pool: readonly Params[]): FeatureKernel<Pool> {
  const root = 1 / Math.sqrt(pool.length);
  return featureKernel(`features of ${pool.length} ${text(network)}`, { pool }, (parameters, x) =>
    stacked(network, parameters, x, root),
  );
}

/**
 * NNGP kernel of a wide network by random features (Loo et al. 2022, §5.2.2): the average of weightStd²·ψ(x)·ψ(y)/F + biasStd²
 * over networks drawn by {@link gaussianParameters}. Converges to the infinite-width kernel as the number of networks times
 * their width grows.
 */
export function randomFeatureNngp(network: Network, pool: readonly Params[], prior: Prior = {}): FeatureKernel<Pool> {
  const { weight, bias } = variances(prior);
  const root = Math.sqrt(weight / (pool.length * network.features));
  const name = `nngp of ${pool.length} ${text(network)}, variances ${weight} and ${bias}`;
  return featureKernel(name, { pool }, (parameters, x) => {
    const n = x.shape[0]!;
    const features = stacked(network, parameters, x, root);
    return bias === 0 ? features : np.concatenate([features, np.full([n, 1], Math.sqrt(bias))], 1);
  });
}

/** Features of all networks beside one another: [n, C, H, W] → [n, pool · F], scaled. */
function stacked(network: Network, parameters: TracedTree, x: Traced, scale: number): Traced {
  const { pool } = parameters as { pool: TracedParams[] };
  const each = pool.map((params) => network.embed(params, x.ref));
  x.dispose();
  return (each.length === 1 ? each[0]! : np.concatenate(each, 1)).mul(scale);
}
