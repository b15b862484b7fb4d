import { multiplyAdds } from "../../src/engine/index.ts";
import type { BenchCase } from "../case.ts";
import { named } from "../namedTensors.ts";
import { perSample } from "../ours.ts";
import { noiseImages, weights } from "../problem.ts";

/** Embeddings of 256 images, no gradient. */
export const features: BenchCase = {
  name: "features-256",
  label: "embeddings of 256 images",
  title: "embeddings of 256 images, no gradient",
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", 256);
    const rows = perSample(network.embed, "features");
    return {
      tensors: { ...named("params", params), images },
      run: async () => ({ features: await rows(params as never, images) }),
      multiplyAdds: async () => 256 * (await multiplyAdds(network.embed, [params, images.rows(0, 1)])),
    };
  },
};
