import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { AttarError, Tensor } from "../engine/index.ts";
import {
  type Encoder,
  injectivity,
  type Reconstruction,
  reconstruction,
  surjectivity,
} from "../views/pushForward/index.ts";
import type { PushForward } from "./measurement.ts";

/** The space in which sides are compared that an encoder could map: by their codes, or as images. */
export type Space = "latent" | "input";

export const isLatent = ({ points }: EmpiricalMeasure) => points.shape.length !== 4;

/** The push-forward g_e#μ. */
export async function encoded(encoder: Encoder, measure: EmpiricalMeasure): Promise<EmpiricalMeasure> {
  return { ...measure, points: await encoder.encode(measure.points) };
}

/** The push-forward g_d#ν. @throws AttarError "no-decoder" */
export async function decoded(encoder: Encoder, measure: EmpiricalMeasure): Promise<EmpiricalMeasure> {
  if (!encoder.decode)
    throw new AttarError(
      "no-decoder",
      `encoder ${encoder.name} has no decoder to make images of ${measure.name} with`,
      "compare codes: --space latent; or use pca:50 or autoencoder:32",
    );
  return { ...measure, points: await encoder.decode(measure.points) };
}

/** Both sides in one space. */
export interface InOneSpace {
  readonly a: EmpiricalMeasure;
  readonly b: EmpiricalMeasure;
  /** Maps a set like A into that space. */
  readonly mapA: (measure: EmpiricalMeasure) => Promise<EmpiricalMeasure>;
  readonly report?: PushForward;
}

/**
 * Brings both sides into one space (§4): two sets of images through g_e (case 1); a set of codes through g_d to meet images
 * in the input space (case 2); the images through g_e to meet codes in the latent space (case 3). Says where the encoder
 * fails to be injective or surjective on these data.
 *
 * @throws AttarError "no-decoder", "two-latent" where both sides are codes and there is nothing to encode, "wrong-shape"
 */
export async function encodeSides(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  encoder: Encoder,
  space: Space,
): Promise<InOneSpace> {
  const { name, description, dimension } = encoder;
  const [latentA, latentB] = [isLatent(a), isLatent(b)];
  if (latentA && latentB)
    throw new AttarError(
      "two-latent",
      `${a.name} and ${b.name} are both codes already`,
      "leave out --encoder to compare the codes",
    );
  const images = [a, b].filter((side) => !isLatent(side));
  const own = { encoder: name, description, dimension };
  const found: Partial<Record<"a" | "b", Reconstruction>> = {};
  for (const [side, measure] of [
    ["a", a],
    ["b", b],
  ] as const) {
    const again = isLatent(measure) ? undefined : await reconstruction(encoder, measure.points);
    if (again) found[side] = again;
  }
  const pooled = joined(images.map(({ points }) => points.rows(0, Math.min(300, points.shape[0]!))));
  const report = { ...own, reconstruction: found, injectivity: injectivity(pooled, await encoder.encode(pooled)) };
  const through = (measure: EmpiricalMeasure) => encoded(encoder, measure);
  if (!latentA && !latentB)
    return { a: await through(a), b: await through(b), mapA: through, report: { ...report, case: 1 } };

  const given = latentA ? a : b;
  const reached = await encoder.encode(images[0]!.points.rows(0, Math.min(2000, images[0]!.labels.length)));
  const onto = { surjectivity: await surjectivity(encoder, reached, given.points) };
  const map = space === "input" ? (measure: EmpiricalMeasure) => decoded(encoder, measure) : through;
  const asIs = async (measure: EmpiricalMeasure) => measure;
  const [mapA, mapB] = latentA === (space === "input") ? [map, asIs] : [asIs, map];
  return { a: await mapA(a), b: await mapB(b), mapA, report: { ...report, ...onto, case: space === "input" ? 2 : 3 } };
}

function joined(parts: readonly Tensor[]): Tensor {
  const data = new Float32Array(parts.reduce((n, { data }) => n + data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return new Tensor(data, [parts.reduce((n, { shape }) => n + shape[0]!, 0), ...parts[0]!.shape.slice(1)], "float32");
}
