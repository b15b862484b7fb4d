import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { integer, type RandomKey, tensor } from "../engine/index.ts";
import { oneHot, type TracedParams } from "../hypotheses/index.ts";
import { initialise } from "../hypotheses/networks/initialise.ts";
import { type BodyOptions, bodyOptions, coderBody } from "./bodies/coderBody.ts";
import { classNormalShapes, drawClassNormals, fitClassNormals, standardNormals } from "./classNormal.ts";
import { checkLayer } from "./codeLayer.ts";
import { gaussianKl, reparametrised } from "./gaussianCode.ts";
import type { CodePart, Codes, Generator, GeneratorGround, GeneratorSpec, TracedCodes } from "./generator.ts";
import { type Likelihood, likelihoodOf, likelihoodOptions } from "./likelihood.ts";

/** The options that all variational autoencoders have; `size` is the number of a code's numbers unless chosen. */
export const coderOptions = (size: number) => ({
  z: integer(size, 1, 4096, "numbers of a code"),
  ...bodyOptions("mlp"),
  ...likelihoodOptions,
});

/** The codes of a batch as the terms beside the reconstruction see them, [n, m] each. */
export interface Posterior {
  readonly mean: Traced;
  readonly logVariance: Traced;
  /** Draws of the posterior. */
  readonly z: Traced;
  /** As many standard normal numbers as z has, for terms that compare z with its prior. */
  readonly prior: Traced;
}

/** The terms that a member of the family adds to its reconstruction, means over the batch with their weights; consumes what it is given. */
export type Regularisation = (posterior: Posterior) => { [term: string]: Traced };

interface Family {
  readonly spec: GeneratorSpec;
  /** True where labels are joined to encoder and decoder. */
  readonly conditional: boolean;
  readonly regularisation: Regularisation;
  /** Where codes of the samples of a class are drawn from: N(0, I), or a normal distribution fitted to the codes of the class. */
  readonly prior: "normal" | "class-normal";
}

interface CoderOptions extends BodyOptions {
  readonly z: number;
  readonly likelihood: "bernoulli" | "gaussian";
  readonly deviation: number;
}

/** Added to the variances of codes of a class, so that a class of one sample has a prior too. */
const leastVariance = 1e-4;

/**
 * The variational autoencoders (A.1.1): an encoder yields mean and log-variance of a code, a decoder its
 * sample; a batch's loss is the mean of −log p(x | z) under a draw z, and what the family's member adds. Codes of an unconditional one
 * are drawn from a normal distribution fitted to the codes of each class; those of a conditional one from that or from N(0, I).
 */
export function gaussianCoder(
  { spec, conditional, regularisation, prior: priorKind }: Family,
  options: CoderOptions,
  ground: GeneratorGround,
): Generator {
  const { z: m } = options;
  const { shape, classes } = ground;
  const own: Likelihood = likelihoodOf(options, ground);
  const joined = conditional ? classes : 0;
  const layers = coderBody(ground, options, { mean: m, logVariance: m }, m + joined, joined);
  const fitted = priorKind === "class-normal";
  const code = ({ z, class: labels }: TracedCodes): Traced => (conditional ? np.concatenate([z!, labels!], 1) : z!);
  const encoded = (params: TracedParams, images: Traced, labels: Traced) => {
    if (!conditional) labels.dispose();
    const [mean, logVariance] = layers.encode(params, images, conditional ? labels : undefined);
    return { mean: mean!, logVariance: logVariance! };
  };
  const withLabels = (z: Traced, labels: Traced): TracedCodes => {
    if (conditional) return { z, class: labels };
    labels.dispose();
    return { z };
  };
  return {
    spec,
    output: shape,
    classes,
    conditional,
    layers: layers.depth,
    shapes: !fitted ? layers.parameters : { ...layers.parameters, ...classNormalShapes(classes, m) },
    facts: {
      injective: "not in general: nothing in its training keeps two codes from one sample",
      surjective: `no: its samples are a surface of at most ${m} dimensions`,
    },
    parts(layer): Readonly<Record<string, CodePart>> {
      checkLayer(spec.name, layer, layers.depth);
      if (layer > 0) return { features: { shape: layers.features(layer), prior: "activations" } };
      const z: CodePart = { shape: [m], prior: priorKind };
      return conditional ? { z, class: { shape: [classes], prior: "one-hot" } } : { z };
    },
    reads: layers.decoderLayers,
    init: (key) => ({
      ...initialise(layers.parameters, key),
      ...(fitted && { prior: standardNormals(classes, m) }),
    }),
    sample(params, labels, key): Codes {
      const z = fitted
        ? drawClassNormals(params.prior!, labels, key)
        : tensor(key.normal(labels.length * m), [labels.length, m]);
      return conditional ? { z, class: oneHot(labels, classes) } : { z };
    },
    decode: (params, codes, layer) =>
      own.sample(layers.outputs(params, layer === 0 ? code(codes) : codes.features!, layer)),
    advance: (params, codes, layer) =>
      layer === 0 ? codes : { features: layers.decode(params, code(codes), 0, layer) },
    encoder: {
      reads: layers.encoderLayers,
      encode(params, images, labels) {
        const { mean, logVariance } = encoded(params, images, labels.ref);
        logVariance.dispose();
        return withLabels(mean, labels);
      },
    },
    training: {
      draws: (n, key: RandomKey) => ({
        noise: tensor(key.fold("noise").normal(n * m), [n, m]),
        prior: tensor(key.fold("prior").normal(n * m), [n, m]),
      }),
      loss(params, { images, labels, draws: { noise, prior } }) {
        const { mean, logVariance } = encoded(params, images.ref, labels.ref);
        const z = reparametrised(mean.ref, logVariance.ref, noise!);
        const outputs = layers.outputs(params, code(withLabels(z.ref, labels)), 0);
        const reconstruction = np.mean(own.loss(outputs, images));
        const added = regularisation({ mean, logVariance, z, prior: prior! });
        const terms = { reconstruction, ...added };
        return [
          Object.values(terms)
            .map((term) => term.ref)
            .reduce((sum, term) => sum.add(term)),
          terms,
        ];
      },
      ...(fitted && {
        fitPrior: (params, codes, labels) => ({
          ...params,
          prior: fitClassNormals(codes.z!, labels, classes, leastVariance),
        }),
      }),
    },
  };
}

/** The mean of KL(q(z | x) ‖ N(0, I)) times a weight. */
export const weightedKl =
  (weight: number): Regularisation =>
  ({ mean, logVariance, z, prior }) => {
    for (const unused of [z, prior]) unused.dispose();
    const kl = np.mean(gaussianKl(mean, logVariance));
    return { kl: weight === 1 ? kl : kl.mul(weight) };
  };
