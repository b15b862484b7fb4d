import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { AttarError, choice, work } from "../engine/index.ts";
import type { Network } from "../hypotheses/index.ts";
import { declareView, type Features } from "./view.ts";

/**
 * Spatial attention maps (Sajedi et al. 2023; §5.3.1): Σ_channels |h_l(x)|^p of every activation of spatial extent but the
 * last one, flattened and of unit length for every image: layer1 [n, H·W], layer2 … The last activation is compared as an
 * embedding instead.
 */
export const attention = declareView({
  yields: "samples",
  title: "spatial attention maps of the layers before the last",
  reference: "§5.3.1, spatial attention matching",
  citation: work(
    "A. Sajedi, S. Khaki, E. Amjadian, L. Z. Liu, Y. A. Lawryshyn and K. N. Plataniotis",
    2023,
    "DataDAM: Efficient Dataset Distillation with Attention Matching",
    "ICCV",
  ),
  needsNetwork: true,
  options: { power: choice("4", ["1", "2", "4"], "p of Σ_channels |h_l(x)|^p") },
  make({ power }) {
    const raise = powers[power];
    return (network, params, images) => {
      const maps = network.activations(params, images).filter(isMap);
      for (const last of maps.splice(-1)) last.dispose();
      if (maps.length === 0) throw tooShallow(network);
      return Object.fromEntries(maps.map((map, l) => [`layer${l + 1}`, unit(raise(map))])) as Features;
    };
  },
});

const powers = {
  "1": (x: Traced) => np.absolute(x),
  "2": (x: Traced) => np.square(x),
  "4": (x: Traced) => np.square(np.square(x)),
};

/** Keeps [n, C, H, W]; outputs of linear layers are let go. */
function isMap(activation: Traced): boolean {
  if (activation.ndim === 4) return true;
  activation.dispose();
  return false;
}

/** Summed over channels, flattened, every row divided by its length; a map of zeros stays one. */
function unit(map: Traced): Traced {
  const rows = np.sum(map, 1).reshape([map.shape[0]!, -1]);
  const length = np.sqrt(np.maximum(np.sum(np.square(rows.ref), 1, { keepdims: true }), 1e-24));
  return rows.div(length);
}

const tooShallow = (network: Network) =>
  new AttarError(
    "bad-combination",
    `attention maps need two layers of spatial extent, ${network.spec.name} has fewer here`,
    "use --net convnet of depth 2 or more",
  );
