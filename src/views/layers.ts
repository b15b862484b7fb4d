import { number, work } from "../engine/index.ts";
import { declareView, type Features } from "./view.ts";

/**
 * The activations of every layer, h_l(x) before pooling, flattened: layer1 [n, k₁], layer2 … A squared difference of means weighs the
 * layers before the last by `early` (Wang et al. 2022).
 */
export const layers = declareView({
  yields: "samples",
  title: "what every layer yields, before pooling",
  reference: "§5.1.2, layer-wise feature matching",
  citation: work(
    "K. Wang, B. Zhao, X. Peng, Z. Zhu, S. Yang, S. Wang, G. Huang, H. Bilen, X. Wang and Y. You",
    2022,
    "CAFE: Learning to Condense Dataset by Aligning Features",
    "CVPR",
  ),
  needsNetwork: true,
  options: { early: number(0.1, 0, undefined, "weight of the layers before the last; of squared differences") },
  make({ early }) {
    const scale = Math.sqrt(early);
    return (network, params, images) => {
      const all = network.activations(params, images).map((a) => a.reshape([a.shape[0]!, -1]));
      const last = all.length - 1;
      return Object.fromEntries(all.map((a, l) => [`layer${l + 1}`, l < last ? a.mul(scale) : a])) as Features;
    };
  },
});
