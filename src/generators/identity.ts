import { size, tensor } from "../engine/index.ts";
import { checkLayer } from "./codeLayer.ts";
import { declareGenerator } from "./generator.ts";

/** g_d(z) = z: the code is the sample. Its latent space is input space, which is what the laws of other generators are held against. */
export const identity = declareGenerator({
  title: "identity",
  reference: "§4",
  formula: "g_d(z) = z, nothing to train",
  options: {},
  make(_options, { shape, classes }) {
    const each = size(shape);
    return {
      spec: { name: "identity", options: {} },
      output: shape,
      classes,
      conditional: false,
      layers: 0,
      shapes: {},
      facts: { injective: "yes", surjective: "yes" },
      parts(layer) {
        checkLayer("identity", layer, 0);
        return { z: { shape, prior: "normal" } };
      },
      reads: () => [],
      init: () => ({}),
      sample: (_params, labels, key) => ({ z: tensor(key.normal(labels.length * each), [labels.length, ...shape]) }),
      decode: (_params, codes) => codes.z!,
      advance: (_params, codes) => codes,
      encoder: {
        reads: [],
        encode(_params, images, labels) {
          labels.dispose();
          return { z: images };
        },
      },
    };
  },
});
