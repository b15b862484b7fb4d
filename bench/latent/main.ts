import { methodNamed } from "../../src/methods/index.ts";
import { stepBench } from "../stepBench.ts";

/**
 * `npm run bench:latent`: seconds of a step of distribution matching whose images are decoded from the codes of a small generator, and of the
 * same step on pixels. Weights are random: a step takes as long as with trained ones.
 */
const method = methodNamed("dm");
await stepBench(
  ["cvae", "vae", "cgan"].map((generator) => ({
    named: { method: method.name, generator },
    step: {
      method,
      settings: {
        synthetic: "latent",
        "synthetic.generator": generator,
        "synthetic.steps": 0,
        "synthetic.fidelity": 0,
        initialisation: "noise",
        // Weights drawn at random would soon diverge under the rate of pixels.
        imageLearningRate: 1e-6,
      },
    },
    without: { method, settings: {} },
    asked: 1.4,
  })),
);
