import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Network, Params, TracedParams } from "../network.ts";
import { networkText } from "../networks/parseNetwork.ts";
import { type FeatureKernel, featureKernel } from "./featureMap.ts";
import type { TracedTree } from "./kernel.ts";

/** The weights of the networks. */
export type Pool = { readonly pool: readonly Params[] };

/** A network with its input, as the names of kernels have it. */
export const networkName = (network: Network) => `${networkText(network.spec)} on ${network.input}`;

/**
 * Neural feature kernel (Zhou et al. 2022, §5.2.2): k(x, y) = mean over a pool of networks of ψ_θ(x)·ψ_θ(y), with ψ the input of
 * the last linear layer. A pool of one is FRePo's kernel.
 */
export function neuralFeatureKernel(network: Network, pool: readonly Params[]): FeatureKernel<Pool> {
  const root = 1 / Math.sqrt(pool.length);
  return featureKernel(`features of ${pool.length} ${networkName(network)}`, { pool }, (parameters, x) =>
    stackedFeatures(network, parameters, x, root),
  );
}

/** Features of all networks beside one another: [n, C, H, W] → [n, pool · F], scaled. */
export function stackedFeatures(network: Network, parameters: TracedTree, x: Traced, scale: number): Traced {
  const { pool } = parameters as { pool: TracedParams[] };
  const each = pool.map((params) => network.embed(params, x.ref));
  x.dispose();
  return (each.length === 1 ? each[0]! : np.concatenate(each, 1)).mul(scale);
}
