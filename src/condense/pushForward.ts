import type { RealReader } from "../data/reader.ts";
import { Tensor } from "../engine/index.ts";
import { generatorText, type HostedGenerator } from "../generators/index.ts";
import {
  type Injectivity,
  injectivity,
  type Reconstruction,
  reconstructionOf,
} from "../views/pushForward/faithfulness.ts";
import { flatLength } from "./seenOptions.ts";

/**
 * What the way into codes and back loses on T (§4): a run that matches codes, or optimises them, is of μ as far as g_e is injective on it, and
 * g_d ∘ g_e the identity.
 */
export interface PushForward {
  readonly generator: string;
  /** Whether g_d is injective and surjective, as its formula says. */
  readonly claims: { readonly injective: string; readonly surjective: string };
  readonly injectivity: Injectivity;
  readonly reconstruction: Reconstruction;
}

/** Samples of T that are looked at, at most. */
const most = 2000;

/** The reading of a generator that has an encoder. */
export async function pushForwardOf(hosted: HostedGenerator, reader: RealReader): Promise<PushForward> {
  const rows = Int32Array.from(
    {
      length: Math.min(
        most,
        reader.sizes.reduce((a, b) => a + b),
      ),
    },
    (_, i) => i,
  );
  const { images, labels } = await reader.batch("what codes lose", { rows });
  const codes = await hosted.encode(images, labels);
  const again = await hosted.decode(codes);
  const z = codes.z!;
  const points = new Tensor(Float32Array.from(z.data), [labels.length, flatLength(z)], "float32");
  const { spec, facts } = hosted.generator;
  return {
    generator: generatorText(spec),
    claims: facts,
    injectivity: injectivity(images, points),
    reconstruction: reconstructionOf(images, again),
  };
}
