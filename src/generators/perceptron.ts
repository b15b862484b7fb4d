import type { Array as Traced } from "@jax-js/jax";
import { numpy as np } from "@jax-js/jax";
import { integer, size } from "../engine/index.ts";
import type { TracedParams } from "../hypotheses/index.ts";
import { activation } from "../hypotheses/layers/activation.ts";
import { linear } from "../hypotheses/layers/linear.ts";
import { sequential } from "../hypotheses/layers/sequential.ts";
import type { InitialTable, Pass, Stage } from "../hypotheses/layers/stage.ts";

/** The options of encoders and decoders of fully connected layers. */
export const perceptronOptions = {
  width: integer(400, 1, 65536, "units of every hidden layer, of encoder and decoder"),
  depth: integer(1, 1, 8, "hidden layers of either"),
};

const pass: Pass = { moments: "batch" };

/** The fully connected layers on either side of a code. */
export interface Perceptrons {
  /** The parameters of all layers. */
  readonly parameters: InitialTable;
  readonly encoderLayers: readonly string[];
  /** The layers of parameters that decoding reads from a hidden layer on; 0 is the code. */
  decoderLayers(from: number): readonly string[];
  /**
   * Every output of the encoder, [n, size] each, in the order of `outputs`. Labels [n, classes] are joined to the last hidden layer where
   * the generator is conditional. Consumes what it is given.
   */
  encode(params: TracedParams, images: Traced, labels: Traced | undefined): Traced[];
  /** The decoder's layers `from` + 1 to `to` of a code (joined with labels) or of the activations of layer `from`. Consumes both. */
  decode(params: TracedParams, x: Traced, from: number, to: number): Traced;
}

/**
 * Encoder and decoder with ReLU, mirror images of one another: `depth` hidden layers of `width` units either side.
 *
 * @param outputs sizes of the encoder's outputs by the name of their layer
 * @param code length of what the decoder reads
 * @param labels length of the labels joined to the encoder's last hidden layer; 0 for none
 */
export function perceptrons(
  shape: readonly number[],
  { width, depth }: { readonly width: number; readonly depth: number },
  outputs: Readonly<Record<string, number>>,
  code: number,
  labels: number,
): Perceptrons {
  const d = size(shape);
  const hidden = (side: string, input: number): Stage[] =>
    Array.from({ length: depth }, (_, i) =>
      sequential(linear(`${side}${i + 1}`, width), activation("relu"))([i === 0 ? input : width]),
    );
  const encoder = hidden("encoder", d);
  const heads = Object.entries(outputs).map(([name, length]) => linear(name, length)([width + labels]));
  const decoder = [...hidden("decoder", code), linear("output", d)([width])];
  const names = (stages: readonly Stage[]) => stages.flatMap(({ parameters }) => Object.keys(parameters));
  return {
    parameters: Object.assign({}, ...[...encoder, ...heads, ...decoder].map((stage) => stage.parameters)),
    encoderLayers: names([...encoder, ...heads]),
    decoderLayers: (from) => names(decoder.slice(from)),
    encode(params, images, own) {
      const flat = images.reshape([images.shape[0]!, d]);
      const last = encoder.reduce((x, stage) => stage.apply(params, x, pass), flat);
      const joined = own ? np.concatenate([last, own], 1) : last;
      const read = heads.map((head) => head.apply(params, joined.ref, pass));
      joined.dispose();
      return read;
    },
    decode: (params, x, from, to) => decoder.slice(from, to).reduce((y, stage) => stage.apply(params, y, pass), x),
  };
}

/** The number of layers of a decoder with `depth` hidden ones. */
export const decoderDepth = (depth: number): number => depth + 1;
