import { nn } from "@jax-js/jax";
import { choice } from "../engine/index.ts";
import { declareView } from "./view.ts";

/** h(x) before the softmax, or log softmax(h(x)): [n, classes]. */
export const logits = declareView({
  yields: "samples",
  title: "logits h(x)",
  reference: "§5.1.2, output feature matching",
  needsNetwork: true,
  options: { form: choice("plain", ["plain", "log-softmax"], "logits as they are, or logarithms of probabilities") },
  make:
    ({ form }) =>
    (network, params, images) => {
      const logits = network.logits(params, images);
      return { logits: form === "plain" ? logits : nn.logSoftmax(logits, 1) };
    },
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
