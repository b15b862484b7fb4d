import { numpy as np } from "@jax-js/jax";
import { work } from "../engine/index.ts";
import { declareView, type Features } from "./view.ts";

/**
 * The statistics that a normalising layer would keep of every activation: mean over its extent of each channel's values and
 * of their squares, layer1/mean [n, C], layer1/square [n, C] … Averaged over images they give a channel's mean and
 * variance.
 */
export const channels = declareView({
  yields: "samples",
  title: "mean and mean square of every channel of every activation",
  reference: "§5.1.4, Wasserstein distance",
  citation: work(
    "Z. Yin, E. Xing and Z. Shen",
    2023,
    "Squeeze, Recover and Relabel: Dataset Condensation at ImageNet Scale From A New Perspective",
    "NeurIPS",
  ),
  needsNetwork: true,
  channelMoments: true,
  options: {},
  make: () => (network, params, images) =>
    Object.fromEntries(
      network.activations(params, images).flatMap((activation, l) => {
        const [n, k] = activation.shape as [number, number];
        const values = activation.reshape([n, k, -1]);
        return [
          [`layer${l + 1}/mean`, np.mean(values.ref, 2)],
          [`layer${l + 1}/square`, np.mean(np.square(values), 2)],
        ];
      }),
    ) as Features,
});
