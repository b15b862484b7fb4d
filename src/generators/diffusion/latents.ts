import type { Array as Traced } from "@jax-js/jax";
import { mapSamples, Tensor, tensor } from "../../engine/index.ts";
import type { Params, TracedParams } from "../../hypotheses/index.ts";
import { readLayers } from "../hosted.ts";
import type { GeneratorSamples, StageStart } from "../training/training.ts";
import { type FirstStage, latentScale } from "./firstStage.ts";

/**
 * The samples of a second stage: latents in place of images, divided by their deviation over all of them, and that deviation among the
 * parameters.
 */
export async function measuredLatents(
  stage: FirstStage,
  { params, samples: { images, labels }, signal }: StageStart,
): Promise<{ readonly params: Params; readonly samples: GeneratorSamples }> {
  const unit = { [latentScale]: { deviation: tensor([1]) } };
  const encoding = mapSamples((p: TracedParams, x: Traced) => stage.encode(p, x), "latents of T", {
    floats: 32 * 1024,
    padded: true,
  });
  try {
    signal?.throwIfAborted();
    const raw = await encoding(readLayers({ ...params, ...unit }, stage.encoderLayers), images);
    const deviation = Math.fround(deviationOf(raw.data));
    return {
      params: { [latentScale]: { deviation: tensor([deviation]) } },
      samples: {
        images: new Tensor(
          Float32Array.from(raw.data, (v) => v / deviation),
          raw.shape,
          "float32",
        ),
        labels,
      },
    };
  } finally {
    encoding.dispose();
  }
}

/** The standard deviation of numbers. */
function deviationOf(values: ArrayLike<number>): number {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean ** 2)) || 1;
}
