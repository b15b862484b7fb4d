import { type RandomKey, size, work } from "../../engine/index.ts";
import { initialise } from "../../hypotheses/networks/initialise.ts";
import {
  classDeviationShapes,
  drawClassDeviations,
  fitClassDeviations,
  standardDeviations,
} from "../classDeviations.ts";
import { checkLayer } from "../codeLayer.ts";
import { declareGenerator, type Generator } from "../generator.ts";
import { firstStage, firstStageOptions, latentScale } from "./firstStage.ts";

/**
 * The first stage of latent diffusion alone: a convolutional autoencoder whose latents are kept near N(0, I) by a small weight of their
 * divergence. Codes of a class are drawn from a normal distribution fitted to its latents.
 */
export const autoencoder = declareGenerator({
  title: "convolutional autoencoder",
  reference: "A.1.1, A.1.3",
  domains: ["image"],
  citation: work(
    "R. Rombach, A. Blattmann, D. Lorenz, P. Esser and B. Ommer",
    2022,
    "High-Resolution Image Synthesis with Latent Diffusion Models",
    "CVPR",
  ),
  formula: "E [ −log p(x|z) + λ KL(q(z|x) ‖ N(0, I)) ]",
  options: firstStageOptions,
  make(options, ground): Generator {
    const { classes } = ground;
    const stage = firstStage(options, ground);
    const { latent } = stage;
    const numbers = size(latent);
    return {
      spec: { name: "ae", options },
      output: ground.shape,
      classes,
      conditional: false,
      layers: 0,
      shapes: { ...stage.parameters, ...classDeviationShapes(classes, numbers) },
      fixed: [latentScale],
      facts: {
        injective: "not in general: nothing in its training keeps two codes from one sample",
        surjective: `no: its samples are a surface of at most ${numbers} dimensions`,
      },
      parts(layer) {
        checkLayer("ae", layer, 0);
        return { z: { shape: latent, prior: "class-normal" } };
      },
      reads: () => stage.decoderLayers,
      init: (key) => ({ ...initialise(stage.parameters, key), prior: standardDeviations(classes, numbers) }),
      sample: (params, labels, key: RandomKey) => ({
        z: drawClassDeviations(params.prior!, labels, key).reshape([labels.length, ...latent]),
      }),
      decode: (params, { z }) => stage.decode(params, z!),
      advance: (_params, codes) => codes,
      encoder: {
        reads: stage.encoderLayers,
        encode(params, images, labels) {
          labels.dispose();
          return { z: stage.encode(params, images) };
        },
      },
      training: {
        stages: [
          {
            name: "autoencoder",
            share: 1,
            trains: Object.keys(stage.parameters).filter((name) => name !== latentScale),
            reads: [],
            training: stage.training,
          },
        ],
        fitPrior: (params, { z }, labels) => ({
          ...params,
          prior: fitClassDeviations(z!.reshape([labels.length, numbers]), labels, classes),
        }),
      },
    };
  },
});
