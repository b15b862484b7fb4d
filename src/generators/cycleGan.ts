import { numpy as np, type Array as Traced } from "@jax-js/jax";
import {
  AttarError,
  integer,
  number,
  type RandomKey,
  referenced,
  released,
  size,
  Tensor,
  tensor,
  text,
  work,
} from "../engine/index.ts";
import { adam, type Params, type TracedParams } from "../hypotheses/index.ts";
import type { Stage } from "../hypotheses/layers/stage.ts";
import { initialise } from "../hypotheses/networks/initialise.ts";
import { leastSquares } from "./adversarial/losses.ts";
import { poolDraws, pooled, shownOf } from "./adversarial/pool.ts";
import { refuseFlat } from "./bodies/sides.ts";
import { patchCritic, translator } from "./bodies/translator.ts";
import { checkLayer } from "./codeLayer.ts";
import { declareGenerator, type Generator } from "./generator.ts";
import type { AdversarialTraining, LossWithTerms } from "./training/training.ts";
import { samplesOfOutputs } from "./units.ts";

/** Images of the other data set that are kept with the weights, to draw codes from. */
const bank = 256;

const pass = { moments: "batch" } as const;
const both = ["samples", "domain"] as const;
type Side = (typeof both)[number];

/** Mean |a − b|. Consumes both. */
const gap = (a: Traced, b: Traced): Traced => np.mean(np.abs(a.sub(b)));

/**
 * CycleGAN (Zhu et al. 2017; A.1.2): G maps images of another data set, the domain, to samples, F back; a critic of patches for either, F(G(a)) ≈ a and
 * G(F(b)) ≈ b, and where asked for G(b) ≈ b and F(a) ≈ a. A code is an image of the domain, g_d is G and g_e is F. Images of the domain are
 * brought to the size, colours and normalisation of the samples first.
 */
export const cycleGan = declareGenerator({
  title: "CycleGAN",
  reference: "A.1.2",
  citation: work(
    "J.-Y. Zhu, T. Park, P. Isola and A. A. Efros",
    2017,
    "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks",
    "ICCV",
  ),
  formula:
    "E (D_B(G(a)) − 1)² + E (D_A(F(b)) − 1)² + λ (E |F(G(a)) − a| + E |G(F(b)) − b|) + λ ι (E |G(b) − b| + E |F(a) − a|)",
  domains: ["image"],
  options: {
    domain: text(
      "fashion-mnist",
      "the name of a data set",
      (value) => /^[\w./-]+$/.test(value),
      "data set whose images are the codes",
    ),
    channels: integer(16, 1, 1024, "channels of the largest maps, of networks and critics"),
    blocks: integer(2, 0, 16, "residual blocks"),
    cycle: number(10, 0, undefined, "λ: weight of the way there and back"),
    identity: number(0.5, 0, undefined, "ι: weight of leaving the other's images as they are, times λ"),
    pool: integer(50, 1, 10000, "images made of late that critics are shown again"),
  },
  recipe: { steps: 1000, batch: 8, learningRate: 2e-4 },
  make(options, ground): Generator {
    refuseFlat(ground);
    const { shape, classes } = ground;
    const { cycle, identity, pool: places } = options;
    const networks: Readonly<Record<Side, Stage>> = {
      samples: translator("toSamples", shape, options),
      domain: translator("toDomain", shape, options),
    };
    const critics: Readonly<Record<Side, Stage>> = {
      samples: patchCritic("ofSamples", shape, options.channels),
      domain: patchCritic("ofDomain", shape, options.channels),
    };
    const bounded = samplesOfOutputs(ground, true);
    const poolOf = (side: Side) => `${side}Pool`;
    const emptyPool = { images: { shape: [places, ...shape] }, taken: { shape: [places] } };
    const pools = Object.fromEntries(both.map((side) => [poolOf(side), emptyPool]));
    const weights = { ...networks.samples.parameters, ...networks.domain.parameters };
    const ofStage = (params: TracedParams, { parameters }: Stage): TracedParams =>
      Object.fromEntries(Object.keys(parameters).map((layer) => [layer, params[layer]!]));
    const judged = (params: TracedParams, side: Side, images: Traced): Traced =>
      critics[side].apply(referenced(ofStage(params, critics[side])), images, pass);
    const mapped = (params: TracedParams, to: Side, images: Traced): Traced =>
      bounded(networks[to].apply(referenced(ofStage(params, networks[to])), images, pass));
    const other = (side: Side): Side => (side === "samples" ? "domain" : "samples");
    const sum = (terms: { [name: string]: Traced }): Traced =>
      Object.values(terms)
        .map((term) => term.ref)
        .reduce((total, term) => total.add(term));

    const training = (images: Tensor | undefined): AdversarialTraining => ({
      critic: {
        shapes: { ...critics.samples.parameters, ...critics.domain.parameters },
        init: (key) => initialise({ ...critics.samples.parameters, ...critics.domain.parameters }, key, "he-normal"),
      },
      draws(n, key) {
        if (!images) throw noDomain(options.domain);
        const rows = Array.from({ length: n }, (_, i) => key.fold("domain").fold(i).integer(images.shape[0]!));
        const drawn = both.map((side) => poolDraws(n, places, key.fold(side)));
        return {
          domain: images.take(rows),
          ...Object.fromEntries(
            both.flatMap((side, i) => Object.entries(drawn[i]!).map(([k, v]) => [`${side}.${k}`, v])),
          ),
        };
      },
      criticLoss(params, { images: samples, labels, draws, generator }): LossWithTerms {
        labels.dispose();
        const real = { samples, domain: draws.domain! };
        const terms: { [name: string]: Traced } = {};
        for (const side of both) {
          const fresh = mapped(generator, side, real[other(side)].ref);
          const own = { places: draws[`${side}.places`]!, takes: draws[`${side}.takes`]! };
          const fake = shownOf(fresh, referenced(generator[poolOf(side)]!), own);
          terms[`critic.${side}`] = leastSquares.critic(
            judged(params, side, real[side].ref),
            judged(params, side, fake),
          );
        }
        released([params, generator, real]);
        return [sum(terms), terms];
      },
      generatorLoss(params, { images: samples, labels, draws, critic }): LossWithTerms {
        labels.dispose();
        const real = { samples, domain: draws.domain! };
        const terms: { [name: string]: Traced } = {};
        const kept: { [name: string]: Traced } = {};
        for (const side of both) {
          const fake = mapped(params, side, real[other(side)].ref);
          terms[`fooling.${side}`] = leastSquares.generator(judged(critic, side, fake.ref));
          terms[`cycle.${other(side)}`] = gap(mapped(params, other(side), fake.ref), real[other(side)].ref).mul(cycle);
          if (identity > 0)
            terms[`identity.${side}`] = gap(mapped(params, side, real[side].ref), real[side].ref).mul(cycle * identity);
          const own = { places: draws[`${side}.places`]!, takes: draws[`${side}.takes`]! };
          const next = pooled(fake, referenced(params[poolOf(side)]!), own);
          for (const [name, value] of Object.entries(next)) kept[`${poolOf(side)}.${name}`] = value;
        }
        released([params, critic, real]);
        return [sum(terms), { ...terms, ...kept }];
      },
      after(params, beside) {
        const next = { ...params };
        for (const side of both) {
          const layer = poolOf(side);
          next[layer] = { images: beside[`${layer}.images`]!, taken: beside[`${layer}.taken`]! };
        }
        return next;
      },
      optimizer: adam({ beta1: 0.5 }),
    });

    const generator = (images: Tensor | undefined): Generator => ({
      spec: { name: "cyclegan", options },
      output: shape,
      classes,
      conditional: false,
      layers: 0,
      shapes: { ...weights, ...pools, prior: { images: { shape: [bank, ...shape] } } },
      fixed: Object.keys(pools),
      facts: {
        injective: "where the way there and back is the identity, which its training asks for",
        surjective: "where the way back and there is, which it asks for too",
      },
      parts(layer) {
        checkLayer("cyclegan", layer, 0);
        return { z: { shape, prior: "domain" } };
      },
      reads: () => Object.keys(networks.samples.parameters),
      init: (key) => ({
        ...initialise(weights, key, "he-normal"),
        ...Object.fromEntries(both.map((side) => [poolOf(side), zeroPool(places, shape)])),
        prior: { images: bankOf(images, shape, key.fold("bank")) },
      }),
      sample(params, labels, key) {
        const { images: known } = params.prior!;
        return { z: known!.take(Array.from(labels, (_, i) => key.fold(i).integer(bank))) };
      },
      decode: (params, codes) => bounded(networks.samples.apply(params, codes.z!, pass)),
      advance: (_params, codes) => codes,
      encoder: {
        reads: Object.keys(networks.domain.parameters),
        encode(params, samples, labels) {
          labels.dispose();
          return { z: bounded(networks.domain.apply(params, samples, pass)) };
        },
      },
      training: training(images),
      domain: { name: options.domain, from: generator },
    });
    return generator(undefined);
  },
});

const noDomain = (name: string) =>
  new AttarError(
    "absent-domain",
    `the images of ${name}, which a CycleGAN's codes are, are not there`,
    `attar generators <dataset> --kind cyclegan --from ${name}`,
  );

const zeroPool = (places: number, shape: readonly number[]): Params[string] => ({
  images: tensor(new Float32Array(places * size(shape)), [places, ...shape]),
  taken: tensor(new Float32Array(places), [places]),
});

/** Images to draw codes from: of the domain, each as often as fills the bank; noise where it is not there. */
function bankOf(images: Tensor | undefined, shape: readonly number[], key: RandomKey): Tensor {
  if (!images) return new Tensor(key.normal(bank * size(shape)), [bank, ...shape], "float32");
  const order = key.permutation(images.shape[0]!);
  return images.take(Array.from({ length: bank }, (_, i) => order[i % order.length]!));
}
