import type { Array as Traced } from "@jax-js/jax";
import { multiplyAdds } from "../../src/engine/index.ts";
import type { TracedParams } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { named } from "../namedTensors.ts";
import { chunkedRows } from "../ours.ts";
import { noiseImages, weights } from "../problem.ts";

/** Embeddings of 256 images, no gradient. */
export const features: BenchCase = {
  name: "features-256",
  title: "embeddings of 256 images, no gradient",
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", 256);
    const embed = (p: TracedParams, x: Traced) => network.embed(p, x);
    const rows = chunkedRows(embed, { name: "features" });
    return {
      tensors: { ...named("params", params), images },
      run: async () => ({ features: await rows(params as never, images) }),
      multiplyAdds: async () => 256 * (await multiplyAdds(embed, [params, images.rows(0, 1)])),
    };
  },
};
