import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, integer, number, tensor, work } from "../engine/index.ts";
import type { TracedParams } from "../hypotheses/index.ts";
import { initialise } from "../hypotheses/networks/initialise.ts";
import { bodyOptions, coderBody } from "./bodies/coderBody.ts";
import { averagedCodebook, drawEntries, histograms, revived } from "./codebook.ts";
import { checkLayer } from "./codeLayer.ts";
import { type CodePart, declareGenerator, type Generator, type TracedCodes } from "./generator.ts";
import { likelihoodOf, likelihoodOptions } from "./likelihood.ts";
import { nearestEntries, straightThrough } from "./quantise.ts";

/**
 * VQ-VAE (van den Oord et al. 2017; A.1.1): a code is some positions, each an entry of one codebook. −log p(x | z) + ‖sg(z_e) − e‖² +
 * β ‖z_e − sg(e)‖², the reconstruction's gradient handed straight through the choice; with the codebook as running means the second term
 * falls away. Codes are sampled from the shares of entries at each position in the codes of a class.
 */
export const vqVae = declareGenerator({
  title: "VQ-VAE",
  reference: "A.1.1",
  citation: work(
    "A. van den Oord, O. Vinyals and K. Kavukcuoglu",
    2017,
    "Neural Discrete Representation Learning",
    "NeurIPS",
  ),
  formula: "E [ −log p(x|e) + ‖sg(z_e(x)) − e‖² + β ‖z_e(x) − sg(e)‖² ], e the entry nearest to z_e(x)",
  options: {
    positions: integer(16, 1, 4096, "positions of a code"),
    z: integer(8, 1, 4096, "numbers of an entry of the codebook"),
    entries: integer(64, 2, 65536, "entries of the codebook"),
    beta: number(0.25, 0, undefined, "β: weight of the commitment"),
    codebook: choice(
      "average",
      ["average", "gradient"],
      "how entries move: as running means of codes, or by gradients",
    ),
    decay: number(0.99, 0, 1, "of the running means"),
    restart: number(0.01, 0, undefined, "running count below which an entry moves to a code of the batch; 0 for never"),
    ...bodyOptions("mlp"),
    ...likelihoodOptions,
  },
  make(options, ground): Generator {
    const { positions, z: d, entries: k, beta, decay, restart } = options;
    const { shape, classes } = ground;
    const averaged = options.codebook === "average";
    const own = likelihoodOf(options, ground);
    const layers = coderBody(ground, options, { code: positions * d }, positions * d, 0);
    const table = {
      ...layers.parameters,
      codebook: { entries: { shape: [k, d], start: { bound: 1 / k } } },
      ...(averaged && {
        average: { counts: { shape: [k], start: { value: 1 } }, sums: { shape: [k, d], start: { bound: 1 / k } } },
      }),
    };
    const rows = (codes: Traced) => codes.reshape([-1, d]);
    const quantised = (params: TracedParams, z: Traced) => {
      const flat = rows(z);
      const { entries, choice: chosen } = nearestEntries(flat.ref, params.codebook!.entries!);
      chosen.dispose();
      return straightThrough(flat, entries).reshape([-1, positions * d]);
    };
    const code = (params: TracedParams, codes: TracedCodes, layer: number) =>
      layer === 0 ? quantised(params, codes.z!) : codes.features!;
    return {
      spec: { name: "vq-vae", options },
      output: shape,
      classes,
      conditional: false,
      layers: layers.depth,
      shapes: { ...table, prior: { histogram: { shape: [classes, positions, k] } } },
      facts: {
        injective: `no: codes that choose the same entries make the same sample`,
        surjective: `no: it makes ${k}^${positions} samples at most`,
      },
      parts(layer): Readonly<Record<string, CodePart>> {
        checkLayer("vq-vae", layer, layers.depth);
        if (layer > 0) return { features: { shape: layers.features(layer), prior: "activations" } };
        const bits = Math.ceil(Math.log2(k));
        return { z: { shape: [positions, d], prior: "codebook", floats: (positions * bits) / 32 } };
      },
      reads: (layer) => [...layers.decoderLayers(layer), ...(layer === 0 ? ["codebook"] : [])],
      init(key) {
        const params = initialise(table, key);
        return {
          ...params,
          ...(averaged && { average: { counts: params.average!.counts!, sums: params.codebook!.entries! } }),
          prior: {
            histogram: tensor(new Float32Array(classes * positions * k).fill(1 / k), [classes, positions, k]),
          },
        };
      },
      sample: (params, labels, key) => ({
        z: drawEntries(params.prior!.histogram!, params.codebook!.entries!, labels, key),
      }),
      decode: (params, codes, layer) => own.sample(layers.outputs(params, code(params, codes, layer), layer)),
      advance: (params, codes, layer) =>
        layer === 0 ? codes : { features: layers.decode(params, code(params, codes, 0), 0, layer) },
      encoder: {
        reads: layers.encoderLayers,
        encode(params, images, labels) {
          labels.dispose();
          return { z: layers.encode(params, images, undefined)[0]!.reshape([-1, positions, d]) };
        },
      },
      training: {
        draws: () => ({}),
        loss(params, { images, labels }) {
          labels.dispose();
          const n = images.shape[0]!;
          const z = rows(layers.encode(params, images.ref, undefined)[0]!);
          const book = params.codebook!.entries!;
          const { entries, choice: chosen } = nearestEntries(z.ref, averaged ? lax.stopGradient(book) : book);
          const outputs = layers.outputs(params, straightThrough(z.ref, entries.ref).reshape([n, positions * d]), 0);
          const squared = (gap: Traced) => np.sum(np.square(gap)).mul(1 / n);
          const held = lax.stopGradient(z.ref);
          const terms: { [name: string]: Traced } = {
            reconstruction: np.mean(own.loss(outputs, images)),
            ...(!averaged && { codebook: squared(held.ref.sub(entries.ref)) }),
            commitment: squared(z.sub(lax.stopGradient(entries))).mul(beta),
          };
          const loss = Object.values(terms)
            .map((term) => term.ref)
            .reduce((sum, term) => sum.add(term));
          if (!averaged) {
            for (const unused of [held, chosen]) unused.dispose();
            return [loss, terms];
          }
          for (const unused of Object.values(params.average!)) unused.dispose();
          const sums = np.matmul(chosen.ref.transpose(), held.ref);
          return [loss, { ...terms, counts: np.sum(chosen, 0), sums, codes: held }];
        },
        ...(averaged && {
          after: (params, { counts, sums, codes }) => {
            const next = averagedCodebook(params, { counts: counts!, sums: sums! }, decay);
            return restart > 0 ? revived(next, codes!, restart) : next;
          },
        }),
        fitPrior: (params, { z }, labels) => ({
          ...params,
          prior: { histogram: histograms(z!, params.codebook!.entries!, labels, classes) },
        }),
      },
    };
  },
});
