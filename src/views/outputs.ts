import { declareView } from "./view.ts";

/** h(x) before the softmax: [n, classes]. */
export const logits = declareView({
  yields: "samples",
  title: "logits h(x)",
  reference: "§5.1.2, output feature matching",
  needsNetwork: true,
  options: {},
  make: () => (network, params, images) => ({ logits: network.logits(params, images) }),
});

/** x itself, flattened: no hypothesis. */
export const pixels = declareView({
  yields: "samples",
  title: "the input x itself",
  reference: "§4",
  needsNetwork: false,
  options: {},
  make: () => (_network, _params, images) => ({ pixels: images.reshape([images.shape[0]!, -1]) }),
});
