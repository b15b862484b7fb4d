import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { mapSamples, type RandomKey, size, tensor } from "../../engine/index.ts";
import {
  adam,
  descent,
  type Params,
  schedules,
  type TracedParams,
  trainPasses,
  unfitted,
} from "../../hypotheses/index.ts";
import { activation } from "../../hypotheses/layers/activation.ts";
import { linear } from "../../hypotheses/layers/linear.ts";
import { sequential } from "../../hypotheses/layers/sequential.ts";
import type { Stage } from "../../hypotheses/layers/stage.ts";
import { initialise } from "../../hypotheses/networks/initialise.ts";
import {
  checkCodes,
  checkImages,
  type Encoder,
  type FitOptions,
  type FittingSet,
  type SavedEncoder,
  shapeOf,
} from "./encoder.ts";
import { paramsOf, tensorsOf } from "./namedTensors.ts";

export interface AutoencoderOptions extends FitOptions {
  /** Passes over the fitting set. */
  readonly epochs: number;
  /** Units of the hidden layer on either side of the code. */
  readonly width: number;
}

const batch = 128;
const learningRate = 1e-3;
const single = { moments: "batch" } as const;
/** Samples are shared out in blocks of as many numbers, whose products are large and stay in a core's cache. */
const inBlocks = { floats: 32 * 1024 };

/**
 * An autoencoder learned on the set: g_e = linear, ReLU, linear to `dimension`; g_d the mirror image of it; the mean squared
 * error of g_d∘g_e minimised by Adam in batches of 128, learning rate 0.001 along a cosine (§4, A.1).
 *
 * @throws AttarError "diverged" (exit code 3). Rejects with the signal's reason when it is aborted.
 */
export async function fitAutoencoder(
  set: FittingSet,
  dimension: number,
  options: AutoencoderOptions,
  key: RandomKey,
): Promise<Encoder> {
  const input = shapeOf(set);
  const d = size(input);
  const { encoder, decoder } = stages(d, options.width, dimension);
  const n = set.images.shape[0]!;
  const rows = set.images.reshape([n, d]);
  const optimizer = adam();
  const loss = (p: TracedParams, x: Traced): [Traced, object] => [
    np.mean(np.square(decoder.apply(p, encoder.apply(p, x.ref, single), single).sub(x))),
    {},
  ];
  const step = descent(loss, optimizer, { name: "training step of an autoencoder" });
  const fresh = () =>
    unfitted(initialise({ ...encoder.parameters, ...decoder.parameters }, key.fold("init")), optimizer);
  const { epochs, signal, from, onPass } = options;
  try {
    const { params } = await trainPasses(
      from?.state ?? fresh(),
      { passes: epochs, count: n, batch, wholeBatches: true, order: key.fold("order") },
      async (state, { pass, rows: chosen }) => {
        const rate = tensor(learningRate * schedules.cosine.factor(pass, epochs));
        const next = await step(state, rows.take(chosen), rate);
        return { state: next.state, loss: next.loss.item() };
      },
      {
        name: "training of the autoencoder",
        hint: "lower the contrast of the images",
        signal,
        firstPass: from?.passes,
        onPass: (pass, error, state) => onPass?.({ passes: pass + 1, state }, error),
      },
    );
    const origin = `trained ${epochs} epochs on ${n} images of ${set.name}`;
    return autoencoder(params, input, dimension, options.width, origin);
  } finally {
    step.dispose();
  }
}

/** The encoder of given parameters. */
function autoencoder(
  params: Params,
  input: readonly [number, number, number],
  dimension: number,
  width: number,
  origin: string,
): Encoder {
  const d = size(input);
  const { encoder, decoder } = stages(d, width, dimension);
  const own = (stage: Stage) => Object.fromEntries(Object.keys(stage.parameters).map((l) => [l, params[l]!]));
  const map = (stage: Stage, name: string) =>
    mapSamples((p: TracedParams, x: Traced) => stage.apply(p, x.reshape([x.shape[0]!, -1]), single), name, inBlocks);
  const encode = map(encoder, "autoencoder's encoder");
  const decode = map(decoder, "autoencoder's decoder");
  const name = `autoencoder:${dimension}`;
  return {
    name,
    description: `autoencoder ${d}-${width}-${dimension}-${width}-${d}, ${origin}`,
    input,
    dimension,
    async encode(images) {
      checkImages(this, images);
      return encode(own(encoder), images);
    },
    async decode(codes) {
      checkCodes({ name, dimension }, codes);
      return (await decode(own(decoder), codes)).reshape([codes.shape[0]!, ...input]);
    },
    saved: {
      tensors: tensorsOf(params),
      metadata: {
        kind: "autoencoder",
        input: JSON.stringify(input),
        dimension: String(dimension),
        width: String(width),
        origin,
      },
    },
  };
}

/** A saved autoencoder. @throws AttarError "bad-data" */
export function savedAutoencoder(
  { tensors, metadata }: SavedEncoder,
  input: readonly [number, number, number],
  where: string,
): Encoder {
  const [dimension, width] = [Number(metadata.dimension), Number(metadata.width)];
  const { encoder, decoder } = stages(size(input), width, dimension);
  const like = { ...encoder.parameters, ...decoder.parameters };
  return autoencoder(paramsOf(tensors, like, where), input, dimension, width, metadata.origin ?? "");
}

const stages = (d: number, width: number, dimension: number) => ({
  encoder: sequential(linear("encoder1", width), activation("relu"), linear("encoder2", dimension))([d]),
  decoder: sequential(linear("decoder1", width), activation("relu"), linear("decoder2", d))([dimension]),
});
