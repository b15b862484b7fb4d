import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, integer, number, referenced, released, size, tensor, work } from "../engine/index.ts";
import { adam, type Params, type TracedParams } from "../hypotheses/index.ts";
import { conv2d } from "../hypotheses/layers/conv2d.ts";
import { normalisation } from "../hypotheses/layers/normalisation.ts";
import { sequential } from "../hypotheses/layers/sequential.ts";
import { flatten, type Stage, type StageMaker } from "../hypotheses/layers/stage.ts";
import { initialise } from "../hypotheses/networks/initialise.ts";
import { gradientPenalty, wasserstein } from "./adversarial/losses.ts";
import { leakyStage } from "./bodies/leaky.ts";
import { refuseFlat } from "./bodies/sides.ts";
import { checkLayer } from "./codeLayer.ts";
import { type CodePart, declareGenerator, type Generator, type TracedCodes } from "./generator.ts";
import { resampled, resizing } from "./layers/resampled.ts";
import { pyramidSizes } from "./pyramid.ts";
import type { AdversarialTraining, LossWithTerms, TrainingStage } from "./training/training.ts";
import { hasBlackAndWhite, unitsOf } from "./units.ts";

const pass = { moments: "batch" } as const;

type Size = readonly [height: number, width: number];

/** Images at another size by a triangle filter. Consumes them. */
const resized = (x: Traced, [height, width]: Size): Traced =>
  resampled(x, resizing(x.shape[2]!, height), resizing(x.shape[3]!, width));

/** Convolutions 3x3 with a leaky rectifier between: `depth` of them, of `channels`, to `out` channels. */
function convolutions(
  name: string,
  { depth, channels, out }: { readonly depth: number; readonly channels: number; readonly out: number },
  normalised: boolean,
): StageMaker {
  const layers = Array.from({ length: depth }, (_, i): StageMaker[] => {
    const last = i === depth - 1;
    const own = conv2d(`${name}${i + 1}`, { channels: last ? out : channels, kernel: 3, padding: 1 });
    if (last) return [own];
    return [own, ...(normalised ? [normalisation(`${name}${i + 1}Norm`, "instance")] : []), leakyStage];
  });
  return sequential(...layers.flat());
}

/**
 * SinGAN (Shaham et al. 2019; A.1.2): a pyramid of generators of one image of T, x_s = G_s(a_s z_s + ↑x_{s−1}) + ↑x_{s−1}, each learning against a
 * critic of patches at its size once those below are fixed: WGAN-GP, and α times the squared error of the image that fixed noise at the
 * smallest size and none above must give. a_s is a tenth of the error that the size below leaves. A code is the pyramid of noise.
 */
export const sinGan = declareGenerator({
  title: "SinGAN",
  reference: "A.1.2",
  citation: work(
    "T. R. Shaham, T. Dekel and T. Michaeli",
    2019,
    "SinGAN: Learning a Generative Model from a Single Natural Image",
    "ICCV",
  ),
  formula:
    "min_G_s max_D_s E D_s(x_s) − E D_s(G_s(z)) − λ E (‖∇D_s‖ − 1)² + α ‖G_s(z*) − x_s‖² for sizes s, the smallest first",
  domains: ["image"],
  options: {
    row: integer(0, 0, undefined, "position of its image in the training split"),
    channels: integer(16, 1, 1024, "channels of every map"),
    depth: integer(5, 2, 16, "convolutions of a generator and of a critic"),
    factor: number(0.75, 0.3, 0.9, "size of an image of the pyramid beside the next"),
    smallest: integer(12, 4, 256, "smallest side of the pyramid, at most half the image's"),
    reconstruction: number(10, 0, undefined, "α: weight of the image's own reconstruction"),
    penalty: number(0.1, 0, undefined, "λ: weight of the penalty on the critic's slopes"),
    noise: number(0.1, 0, undefined, "noise of a size, times the error of the size below"),
    together: integer(4, 1, 64, "samples that a step makes of its image"),
  },
  recipe: { steps: 800, batch: 4, learningRate: 5e-4 },
  make(options, ground): Generator {
    refuseFlat(ground);
    const { shape, classes } = ground;
    const [colours] = shape;
    const { channels, depth, reconstruction, penalty, noise, together } = options;
    const sizes = pyramidSizes(shape, options.factor, options.smallest);
    const top = sizes.length - 1;
    const units = hasBlackAndWhite(ground) ? unitsOf(ground) : undefined;
    const toSamples = (x: Traced): Traced => (units ? units.normalised(x.add(1).mul(0.5)) : x);
    const toPictures = (x: Traced): Traced => (units ? units.plain(x).mul(2).sub(1) : x);
    const at = (s: number): [number, number, number] => [colours, ...sizes[s]!];
    const bodies: readonly Stage[] = sizes.map((_, s) =>
      convolutions(`size${s}Convolution`, { depth, channels, out: colours }, true)(at(s)),
    );
    const critics: readonly Stage[] = sizes.map((_, s) =>
      sequential(convolutions(`critic${s}Convolution`, { depth, channels, out: 1 }, false), flatten)(at(s)),
    );
    const layersOf = (s: number): string[] => Object.keys(bodies[s]!.parameters);
    const below = (s: number): string[] => Array.from({ length: s }, (_, k) => layersOf(k)).flat();
    const floats = sizes.map(([h, w]) => colours * h * w);
    const from = (s: number): number => floats.slice(s).reduce((sum, own) => sum + own, 0);
    const weights = Object.assign({}, ...bodies.map(({ parameters }) => parameters));

    /** One size: its noise [n, C, h, w], and what the size below made. Consumes what it is given. */
    const step = (s: number, params: TracedParams, z: Traced, previous: Traced | undefined): Traced => {
      const own = Object.fromEntries(layersOf(s).map((layer) => [layer, params[layer]!]));
      const amplitude = params.anchor!.amplitudes!.ref.slice([s, s + 1]).reshape([1, 1, 1, 1]);
      const drawn = z.mul(amplitude);
      if (!previous) return np.tanh(bodies[s]!.apply(referenced(own), drawn, pass));
      const up = resized(previous, sizes[s]!);
      return np.tanh(bodies[s]!.apply(referenced(own), drawn.add(up.ref), pass)).add(up);
    };
    /** Sizes `first` to `last` of flat noise [n, …]; the parameters stay. */
    const climb = (params: TracedParams, z: Traced, first: number, last: number, start?: Traced): Traced => {
      const n = z.shape[0]!;
      let image = start;
      let place = 0;
      for (let s = first; s <= last; s++) {
        const own = z.ref.slice([], [place, place + floats[s]!]).reshape([n, ...at(s)]);
        image = step(s, params, own, image);
        place += floats[s]!;
      }
      z.dispose();
      return image!;
    };
    /** The noise that the image itself is made of: fixed at the smallest size, none above. [1, …] */
    const anchored = (params: TracedParams, last: number): Traced => {
      const still = params.anchor!.noise!.ref.reshape([1, floats[0]!]);
      const rest = from(1) - from(last + 1);
      return rest === 0 ? still : np.concatenate([still, np.zeros([1, rest])], 1);
    };

    const training = (s: number): AdversarialTraining => {
      const critic = critics[s]!;
      const scores = (params: TracedParams, x: Traced) => np.mean(critic.apply(referenced(params), x, pass), 1);
      const length = from(0) - from(s + 1);
      return {
        critic: { shapes: critic.parameters, init: (key) => initialise(critic.parameters, key, "he-normal") },
        draws: (n, key) => ({
          noise: tensor(key.fold("noise").normal(n * length), [n, length]),
          mix: tensor(key.fold("mix").uniform(n)),
        }),
        criticLoss(params, { images, labels, draws: { noise: z, mix }, generator }): LossWithTerms {
          const fake = climb(generator, z!, 0, s);
          const terms = {
            critic: wasserstein.critic(scores(params, images.ref), scores(params, fake.ref)),
            penalty: gradientPenalty((x) => scores(params, x), { real: images, fake, mix: mix! }).mul(penalty),
          };
          released([params, generator, labels]);
          return [terms.critic.ref.add(terms.penalty.ref), terms];
        },
        generatorLoss(params, { images, labels, draws: { noise: z, mix }, critic: judge }): LossWithTerms {
          const own = climb(params, anchored(params, s), 0, s);
          const terms = {
            fooling: wasserstein.generator(scores(judge, climb(params, z!, 0, s))),
            reconstruction: np.mean(np.square(own.sub(images))).mul(reconstruction),
          };
          released([params, judge, labels, mix]);
          return [terms.fooling.ref.add(terms.reconstruction.ref), terms];
        },
        optimizer: adam({ beta1: 0.5 }),
      };
    };

    const stage = (s: number): TrainingStage => ({
      name: `size ${sizes[s]!.join("x")}`,
      share: 1,
      trains: layersOf(s),
      reads: [...below(s), "anchor"],
      training: training(s),
      async prepare({ params, samples }) {
        const row = options.row % samples.labels.length;
        const shrink = compile((x: Traced) => resized(toPictures(x), sizes[s]!), { name: `picture of size ${s}` });
        const image = await shrink(samples.images.rows(row, row + 1));
        shrink.dispose();
        const images = image.take(new Array<number>(together).fill(0));
        const given = { images, labels: new Int32Array(together).fill(samples.labels[row]!) };
        if (s === 0) return { samples: given };
        const reads = Object.fromEntries([...below(s), "anchor"].map((layer) => [layer, params[layer]!]));
        const left = compile(
          (p: TracedParams, x: Traced) => {
            const up = resized(climb(p, anchored(p, s - 1), 0, s - 1), sizes[s]!);
            released(p);
            return np.sqrt(np.mean(np.square(up.sub(x))));
          },
          { name: `error of size ${s - 1}` },
        );
        const error = (await left(reads, image)).item();
        left.dispose();
        const amplitudes = params.anchor!.amplitudes!.map((v, k) => (k === s ? noise * error : v));
        return { samples: given, params: { ...copiedUp(params, s), anchor: { ...params.anchor, amplitudes } } };
      },
    });
    /** A size starts with the weights of the one below, whose layers have the same shapes. */
    const copiedUp = (params: Params, s: number): Params =>
      Object.fromEntries(layersOf(s).map((layer, i) => [layer, params[layersOf(s - 1)[i]!]!]));

    const codes = (layer: number): Readonly<Record<string, CodePart>> => ({
      z: { shape: [from(layer)], prior: "normal" },
      ...(layer > 0 && { features: { shape: at(layer - 1), prior: "activations" } }),
    });
    const chain = (params: TracedParams, { z, features }: TracedCodes, first: number, last: number): Traced => {
      const image = climb(params, z!, first, last, features);
      released(params);
      return image;
    };
    return {
      spec: { name: "singan", options },
      output: shape,
      classes,
      conditional: false,
      layers: top,
      shapes: {
        ...weights,
        anchor: { noise: { shape: at(0) }, amplitudes: { shape: [sizes.length] } },
      },
      fixed: ["anchor"],
      facts: {
        injective: "not in general: noise of a size may be ignored",
        surjective: "no: it makes images of the patches of one",
      },
      parts(layer) {
        checkLayer("singan", layer, top);
        return codes(layer);
      },
      reads: (layer) => [...Array.from({ length: top + 1 - layer }, (_, k) => layersOf(layer + k)).flat(), "anchor"],
      init: (key) => ({
        ...initialise(weights, key, "he-normal"),
        anchor: {
          noise: tensor(key.fold("anchor").normal(size(at(0))), at(0)),
          amplitudes: tensor(
            sizes.map((_, s) => (s === 0 ? 1 : noise)),
            [sizes.length],
          ),
        },
      }),
      sample: (_params, labels, key) => ({ z: tensor(key.normal(labels.length * from(0)), [labels.length, from(0)]) }),
      decode: (params, own, layer) => toSamples(chain(params, own, layer, top)),
      advance(params, own, layer) {
        if (layer === 0) return own;
        const rest = own.z!.ref.slice([], [from(0) - from(layer), from(0)]);
        const z = own.z!.slice([], [0, from(0) - from(layer)]);
        return { z: rest, features: chain(params, { z }, 0, layer - 1) };
      },
      training: { stages: sizes.map((_, s) => stage(s)) },
    };
  },
});
