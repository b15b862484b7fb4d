import { tensor } from "../../src/engine/index.ts";
import { oneHot } from "../../src/hypotheses/index.ts";
import type { BenchCase } from "../case.ts";
import { meanGradient } from "../lossGradient.ts";
import { named } from "../namedTensors.ts";
import { classes, cyclicLabels, noiseImages, weights } from "../problem.ts";

/** Gradient of the mean cross-entropy of 256 images with respect to all weights. */
export const gradient: BenchCase = {
  name: "gradient-256",
  label: "loss gradient of 256 images",
  title: "gradient of the mean cross-entropy of 256 images with respect to all weights",
  prepare(network) {
    const params = weights(network);
    const images = noiseImages(network, "images", 256);
    const labels = cyclicLabels(256);
    const targets = oneHot(labels, classes);
    const mean = meanGradient(network);
    return {
      tensors: { ...named("params", params), images, labels: tensor(labels) },
      run: async () => named("gradient", await mean.run(params, images, targets)),
      multiplyAdds: () => mean.multiplyAdds(params, images, targets),
    };
  },
};
