import { size } from "../engine/index.ts";
import {
  type Codes,
  generatorGround,
  hostedGenerator,
  makeGenerator,
  parseGenerator,
  readLayers,
} from "../generators/index.ts";
import { learnedParts, type Moves, moving, refuseStill } from "./latent/learned.ts";
import { generatorAsked, latentOptions } from "./latent/options.ts";
import { sizeGround } from "./latent/sizeGround.ts";
import { stagedOf } from "./latent/stages.ts";
import { refusePoor, startCodes } from "./latent/startCodes.ts";
import {
  decoderFloats,
  encoderLayers,
  flatWeights,
  namesOfWeights,
  nestedWeights,
  priorLayers,
  weightName,
} from "./latent/weights.ts";
import type { TrainedGenerator } from "./select.ts";
import { type DataSpace, declareSpace, groundOf } from "./space.ts";

/**
 * S in the latent space of a generator (§4, g_d^# ν; §5.2.1): a code an image, at any layer, decoded in every step. The initialisation
 * `noise` draws codes from the prior, any other encodes its images, or seeks their codes where there is no encoder. What a method does to images it does to those decoded. Weights belong to
 * the run's variables, so that a run goes on without the artefact.
 */
export const latent = declareSpace({
  title: "codes of a generator",
  reference: "§4; §5.2.1; A.1",
  options: latentOptions,
  storage: ({ generator, layer }) =>
    `ipc codes per class of layer ${layer} of ${generator}; stored as decoded images or as codes with the layers that decode them, whichever is smaller`,
  extent(chosen, ground, ipc) {
    const made = makeGenerator(parseGenerator(chosen.generator), sizeGround(ground));
    const learned = learnedParts(chosen, made);
    refuseStill(chosen, made);
    // A label is stored anyway, and so is the seed: parts that follow from either cost nothing where they do not move.
    const parts = Object.entries(made.parts(chosen.layer)).filter(
      ([name, { prior, keyed }]) =>
        learned.includes(name) || !(prior === "one-hot" || prior === "class-embedding" || keyed),
    );
    const each = parts.reduce((sum, [, { shape, floats }]) => sum + (floats ?? size(shape)), 0);
    const count = ground.classes.length * ipc;
    const form = {
      codes: Math.ceil(count * each),
      decoder: decoderFloats(made, chosen.layer),
      ...(made.imported && { outside: true as const }),
    };
    return {
      imagesPerClass: ipc,
      startImages: ipc,
      storedFloats: Math.min(form.codes + form.decoder, count * size(ground.domain.shape)),
      form,
    };
  },
  make(chosen, facts, ipc) {
    const extent = latent.extent(chosen, groundOf(facts), ipc);
    const { layer, weights, weightRate, styleRate, bound, draw } = chosen;
    const made = makeGenerator(parseGenerator(chosen.generator), generatorGround(facts));
    const learned = learnedParts(chosen, made);
    const names = Object.keys(made.parts(layer));
    const reads = made.reads(layer);
    const priorReads = priorLayers(made);
    const beside = chosen.encoder
      ? encoderLayers(made).filter((own) => !reads.includes(own) && !priorReads.includes(own))
      : [];
    const drawsFrom = priorReads.filter((own) => !reads.includes(own));
    const namesOf = (layers: readonly string[]) => namesOfWeights(made, layers);
    const classes = facts.classes.length;
    const rateOf = (part: string) => (part === "ws" ? styleRate : 1);
    const ofParts = names.map(
      (name) => [name, { perClass: true, rate: rateOf(name), frozen: !learned.includes(name) }] as const,
    );
    const shared = (layers: readonly string[], rate: number, moves: Moves) =>
      layers.flatMap((own) => {
        const fixed = (made.fixed ?? []).includes(own);
        return Object.keys(made.shapes[own]!).map((name) => {
          const frozen = fixed || !moves(made.shapes[own]!, name);
          return [weightName(own, name), { perClass: false, rate, frozen }] as const;
        });
      });
    const held = [...drawsFrom, ...beside];
    const space: DataSpace = {
      ...extent,
      generator: { made, weightName },
      variables: Object.fromEntries([
        ...ofParts,
        ...shared(reads, weightRate, moving[weights]),
        ...shared(held, 0, moving.frozen),
      ]),
      most: 0,
      ...(draw > 0 && { drawn: draw }),
      ...(layer === 0 && {
        draws(variables, each, key) {
          const labels = Int32Array.from({ length: classes * each }, (_, i) => Math.floor(i / each));
          const codes = made.sample(nestedWeights(variables, priorReads, made), labels, key);
          return { ...variables, ...pick(codes, names) };
        },
      }),
      plain: false,
      async initial(how, key, reader, signal) {
        const opened: TrainedGenerator = how.trained
          ? await how.trained(generatorAsked(chosen))
          : { ...hostedGenerator(made, made.init(key.fold("generator"))), quality: undefined };
        try {
          refusePoor(opened, chosen, facts.name);
          const codes = await startCodes(opened, how, key, { reader, ipc, chosen, signal });
          return { ...pick(codes, names), ...flatWeights(readLayers(opened.params, [...reads, ...held])) };
        } finally {
          opened.dispose();
        }
      },
      decode(variables) {
        const [groups, each] = variables[names[0]!]!.shape as [number, number];
        const codes = Object.fromEntries(
          names.map((name) => [name, variables[name]!.reshape([groups * each, ...variables[name]!.shape.slice(2)])]),
        );
        for (const unread of namesOf(held)) variables[unread]?.dispose();
        return made.decode(nestedWeights(variables, reads, made), codes, layer).reshape([groups, each, ...made.output]);
      },
      ...stagedOf(made, layer),
      settle(variables) {
        if (bound === 0) return variables;
        const cut = (name: string) => variables[name]!.map((v) => Math.max(-bound, Math.min(bound, v)));
        return {
          ...variables,
          ...Object.fromEntries(names.filter((n) => learned.includes(n)).map((n) => [n, cut(n)])),
        };
      },
    };
    return space;
  },
});

const pick = (codes: Codes, names: readonly string[]): Codes =>
  Object.fromEntries(names.map((name) => [name, codes[name]!]));
