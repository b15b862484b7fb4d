import { numpy as np } from "@jax-js/jax";
import { type RandomKey, Tensor, tensor } from "../engine/index.ts";
import { adam, descent, type Params, type TracedParams, trainSteps, unfitted } from "../hypotheses/index.ts";
import type { Codes, TracedCodes } from "./code.ts";
import { type HostedGenerator, readLayers } from "./hosted.ts";

/** How long and how fast images are sought. */
export interface InversionOptions {
  readonly steps: number;
  readonly rate: number;
  readonly signal?: AbortSignal;
}

/** Images that are sought side by side. */
const atOnce = 128;

/**
 * Codes of layer 0 whose samples are near to images, of a generator without an encoder: from a draw of the prior, Adam lowers ‖G(z) − x‖² in every
 * image's z by itself; other parts, the label, stay. So IT-GAN starts (Zhao and Bilen 2022).
 *
 * @param images [n, C, H, W] in the training normalisation, of the classes `labels`
 */
export async function inverted(
  hosted: HostedGenerator,
  images: Tensor,
  labels: Int32Array,
  key: RandomKey,
  { steps, rate, signal }: InversionOptions,
): Promise<Codes> {
  const { generator, params } = hosted;
  const start = hosted.sample(labels, key);
  const optimizer = adam();
  const weights = readLayers(params, generator.reads(0));
  const step = descent(
    (
      { codes }: TracedParams,
      { wanted, held, decoder }: { wanted: TracedCodes[string]; held: TracedCodes; decoder: TracedParams },
    ) => {
      const made = generator.decode(decoder, { ...held, z: codes!.z! }, 0);
      return [np.sum(np.square(made.sub(wanted))), {}];
    },
    optimizer,
    { name: `inversion of ${generator.spec.name}` },
  );
  const found: Tensor[] = [];
  try {
    for (let at = 0; at < labels.length; at += atOnce) {
      const end = Math.min(at + atOnce, labels.length);
      const { z, ...others } = start;
      const held = Object.fromEntries(Object.entries(others).map(([part, codes]) => [part, codes.rows(at, end)]));
      const given = { wanted: images.rows(at, end), held, decoder: weights };
      const first: Params = { codes: { z: z!.rows(at, end) } };
      const { params: last } = await trainSteps(
        { step: 0, state: unfitted(first, optimizer) },
        steps,
        async (state) => {
          const next = await step(state, given, tensor(rate));
          return { state: next.state, loss: next.loss.item() };
        },
        {
          name: `inversion of ${generator.spec.name}`,
          hint: "--set initialisation=noise",
          ...(signal && { signal }),
        },
      );
      found.push(last.codes!.z!);
    }
  } finally {
    step.dispose();
  }
  return { ...start, z: Tensor.concat(found) };
}
