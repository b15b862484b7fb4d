import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, integer } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import type { InitialTable, Pass, Stage } from "../../hypotheses/layers/stage.ts";
import type { GeneratorGround } from "../generator.ts";
import { convolutionalDecoder, fullyConnectedDecoder } from "./decoders.ts";
import { convolutionalEncoder, fullyConnectedEncoder } from "./encoders.ts";
import { refuseFlat } from "./sides.ts";

/** The options of the layers of encoders, decoders and critics. */
export const bodyOptions = (usual: "mlp" | "conv", { width = 400, depth = 1, channels = 32 } = {}) => ({
  body: choice(usual, ["mlp", "conv"], "fully connected layers, or convolutions for images"),
  width: integer(width, 1, 65536, "units of every hidden layer of body=mlp"),
  depth: integer(depth, 1, 8, "hidden layers of body=mlp"),
  channels: integer(channels, 1, 4096, "channels of the first map of body=conv"),
});

export interface BodyOptions {
  readonly body: "mlp" | "conv";
  readonly width: number;
  readonly depth: number;
  readonly channels: number;
}

const pass: Pass = { moments: "batch" };

/** The layers on either side of a code. */
export interface CoderBody {
  /** The parameters of all layers. */
  readonly parameters: InitialTable;
  readonly encoderLayers: readonly string[];
  /** The deepest layer of activations. */
  readonly depth: number;
  /** The shape of a sample's activations of a layer; 1 is the first after the code. */
  features(layer: number): readonly number[];
  /** The layers of parameters that decoding reads from a layer on; 0 is the code. */
  decoderLayers(from: number): readonly string[];
  /**
   * Every output of the encoder, [n, size] each, in the order of `outputs`. Labels [n, classes] are joined to the last hidden layer where
   * the generator is conditional. Consumes what it is given.
   */
  encode(params: TracedParams, images: Traced, labels: Traced | undefined): Traced[];
  /** The decoder's layers `from` + 1 to `to` of a code (joined with labels) or of the activations of layer `from`. Consumes both. */
  decode(params: TracedParams, x: Traced, from: number, to: number): Traced;
  /** All of them from a layer on: [n, C·H·W]. Consumes both. */
  outputs(params: TracedParams, x: Traced, from: number): Traced;
}

/**
 * Encoder and decoder with ReLU: mirror images of one another, `depth` hidden layers of `width` units either side; or convolutions.
 *
 * @param outputs sizes of the encoder's outputs by the name of their layer
 * @param code length of what the decoder reads
 * @param labels length of the labels joined to the encoder's last hidden layer; 0 for none
 * @throws AttarError "bad-combination" for convolutions of samples that are no images
 */
export function coderBody(
  ground: GeneratorGround,
  options: BodyOptions,
  outputs: Readonly<Record<string, number>>,
  code: number,
  labels: number,
): CoderBody {
  const { shape } = ground;
  const { channels } = options;
  const convolutional = options.body === "conv";
  if (convolutional) refuseFlat(ground);
  const encoder = convolutional ? convolutionalEncoder(shape, channels) : fullyConnectedEncoder(shape, options);
  const decoder = convolutional
    ? convolutionalDecoder(shape, { channels, norm: "none" }, code)
    : fullyConnectedDecoder(shape, options, code);
  const heads = Object.entries(outputs).map(([name, length]) => linear(name, length)([encoder.output[0]! + labels]));
  const names = (stages: readonly Stage[]) => stages.flatMap(({ parameters }) => Object.keys(parameters));
  const decode: CoderBody["decode"] = (params, x, from, to) =>
    decoder.slice(from, to).reduce((y, stage) => stage.apply(params, y, pass), x);
  return {
    parameters: Object.assign({}, ...[encoder, ...heads, ...decoder].map((stage) => stage.parameters)),
    encoderLayers: names([encoder, ...heads]),
    depth: decoder.length - 1,
    features: (layer) => decoder[layer - 1]!.output,
    decoderLayers: (from) => names(decoder.slice(from)),
    encode(params, images, own) {
      const last = encoder.apply(params, images, pass);
      const joined = own ? np.concatenate([last, own], 1) : last;
      const read = heads.map((head) => head.apply(params, joined.ref, pass));
      joined.dispose();
      return read;
    },
    decode,
    outputs: (params, x, from) => decode(params, x, from, decoder.length),
  };
}
