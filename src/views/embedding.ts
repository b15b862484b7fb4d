import { declareView } from "./view.ts";

/** ψ(x), the input of the last linear layer. */
export const embedding = declareView({
  yields: "samples",
  title: "embedding ψ(x), the input of the last layer",
  reference: "§5.1.4",
  needsNetwork: true,
  options: {},
  make: () => (network, params, images) => ({ embedding: network.embed(params, images) }),
});
