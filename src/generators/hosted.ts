import type { Array as Traced } from "@jax-js/jax";
import { mapSamples, type RandomKey, randomKey, type SampleMap, type Tensor } from "../engine/index.ts";
import { oneHot, type Params, type TracedParams } from "../hypotheses/index.ts";
import type { Codes, Generator, TracedCodes } from "./generator.ts";

/** A generator with its weights, on the host. */
export interface HostedGenerator {
  readonly generator: Generator;
  readonly params: Params;
  /** Codes of layer 0 from the prior, one a label. */
  sample(labels: Int32Array, key: RandomKey): Codes;
  /** Codes of a layer → images [n, C, H, W] in the training normalisation. */
  decode(codes: Codes, layer?: number): Promise<Tensor>;
  /**
   * Images [n, C, H, W] of known classes → codes of a layer, 0 where left out; parts that say nothing of them are drawn from the key.
   *
   * @throws TypeError of one without an encoder
   */
  encode(images: Tensor, labels: Int32Array, layer?: number, key?: RandomKey): Promise<Codes>;
  /** Codes of layer 0, or styles alone, → codes of a layer. */
  advance(codes: Codes, layer: number): Promise<Codes>;
  dispose(): void;
}

/** The layers of parameters of some names. */
export const readLayers = (params: Params, names: readonly string[]): Params =>
  Object.fromEntries(names.map((name) => [name, params[name]!]));

/** Samples are shared out in blocks of as many numbers, whose products are large and stay in a core's cache. */
const inBlocks = { floats: 32 * 1024, padded: true };
const blocksOf = ({ together }: Generator) => (together === undefined ? inBlocks : { ...inBlocks, most: together });

type Decoder = SampleMap<TracedParams, TracedCodes, Traced>;
type Advancer = SampleMap<TracedParams, TracedCodes, TracedCodes>;
type Encoder = SampleMap<TracedParams, { images: Traced; labels: Traced }, TracedCodes>;

/** A generator with its weights; programs are compiled when they are first used. */
export function hostedGenerator(generator: Generator, params: Params): HostedGenerator {
  const { name } = generator.spec;
  const blocks = blocksOf(generator);
  const decoders = new Map<number, Decoder>();
  const advancers = new Map<number, Advancer>();
  let encoding: Encoder | undefined;
  const decoderFrom = (layer: number): Decoder =>
    mapSamples((p, codes) => generator.decode(p, codes, layer), `decoder of ${name}`, blocks);
  const advancerTo = (layer: number): Advancer =>
    mapSamples((p, codes) => generator.advance(p, codes, layer), `layers of ${name}`, blocks);
  const of = <M>(known: Map<number, M>, layer: number, make: (layer: number) => M): M => {
    const map = known.get(layer) ?? make(layer);
    known.set(layer, map);
    return map;
  };
  const advance: HostedGenerator["advance"] = async (codes, layer) => {
    if (layer === 0) return codes;
    return of(advancers, layer, advancerTo)(readLayers(params, generator.reads(0)), codes);
  };
  return {
    generator,
    params,
    sample: (labels, key) => generator.sample(params, labels, key),
    decode: async (codes, layer = 0) =>
      of(decoders, layer, decoderFrom)(readLayers(params, generator.reads(layer)), codes),
    advance,
    async encode(images, labels, layer = 0, key = randomKey(0).fold("codes")) {
      const { encoder } = generator;
      if (!encoder) throw new TypeError(`generator ${name} has no encoder`);
      encoding ??= mapSamples((p, x) => encoder.encode(p, x.images, x.labels), `encoder of ${name}`, blocks);
      const given = { images, labels: oneHot(labels, generator.classes) };
      const found = await encoding(readLayers(params, encoder.reads), given);
      const codes = { ...found, ...encoder.draws?.(labels.length, key) };
      return encoder.deeper?.(codes, layer) ?? advance(codes, layer);
    },
    dispose() {
      for (const map of [...decoders.values(), ...advancers.values(), encoding]) map?.dispose();
    },
  };
}
