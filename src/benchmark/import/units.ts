import { badData } from "../../data/badData.ts";
import type { Dataset, Normalisation } from "../../data/dataset.ts";
import { unwhiten } from "../../data/whiten.ts";
import { fitZca, zcaRegularisation } from "../../data/zca.ts";
import type { Space } from "./foreignSet.ts";
import type { Layout } from "./layouts/layout.ts";

/** Values per channel that authors normalised with, where they are not the dataset's. */
export interface OwnUnits {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The dataset's normalisation without whitening, or with the authors' own mean and deviation. */
export function plainUnits({ normalisation, shape, name }: Dataset, own?: OwnUnits): Normalisation {
  const { zca: _, ...plain } = normalisation;
  if (!own) return plain;
  const { mean, std } = own;
  if (mean.length !== shape[0] || std.length !== shape[0] || !std.every((s) => s > 0))
    throw badData(
      "--mean and --std",
      `take ${shape[0]} numbers each, one for a channel of ${name}, deviations above 0`,
    );
  return { ...plain, mean, std };
}

/** The normalisation of whitened images: fitted on the training split as the authors' code does. */
export async function whitenedUnits(dataset: Dataset, { whitening }: Layout): Promise<Normalisation> {
  const plain = plainUnits(dataset);
  const units: Normalisation =
    whitening === "share" ? plain : { ...plain, mean: plain.mean.map(() => 0), std: plain.std.map(() => 1) };
  const zca = await fitZca({ ...dataset, normalisation: units }, zcaRegularisation, whitening);
  return { ...units, zca };
}

/** Images of a space as pixels in units of stored / scale: what a picture shows. */
export function asPixels(images: Float32Array, space: Space, units: Normalisation, plane: number): Float32Array {
  const out = images.slice();
  if (space === "pixels") return out;
  if (space === "zca" && units.zca) unwhiten(out, units.zca);
  return perChannel(out, plane, units.mean.length, (v, c) => v * units.std[c]! + units.mean[c]!);
}

/** Pixels in units of stored / scale as a network of the dataset sees them, without whitening. */
export const fromPixels = (pixels: Float32Array, { mean, std }: Normalisation, plane: number): Float32Array =>
  perChannel(pixels.slice(), plane, mean.length, (v, c) => (v - mean[c]!) / std[c]!);

function perChannel(
  values: Float32Array,
  plane: number,
  channels: number,
  change: (value: number, channel: number) => number,
): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = change(values[i]!, Math.floor(i / plane) % channels);
  return values;
}
