import { inUnitsOf } from "../data/changeOfUnits.ts";
import type { CondensedSet, Dataset, Normalisation, Split } from "../data/dataset.ts";
import { originalValues, standardisedValues } from "../data/valuesTarget.ts";
import { AttarError } from "../engine/index.ts";

/** The ratio of deviations, and the number of deviations between means, beyond which values are on another scale. */
const alike = 2;

export interface AdaptOptions {
  /** Takes values whose mean and deviation are far from those of the set's images: the pictures differ, not their scale. */
  readonly anyContrast?: boolean;
}

/**
 * A dataset normalised as a set's images are, whatever scale its own are stored on: bytes, 16-bit words, floats of 0 to 1 or
 * of -1 to 1 with the same pictures give the same values.
 *
 * @throws AttarError "unknown-scale" where the dataset's scale cannot be known, or the values that come out are not on the
 * set's: their mean or deviation is far from that of the images that the set was made from, which `anyContrast` lets pass
 */
export function adapted(dataset: Dataset, set: CondensedSet, { anyContrast = false }: AdaptOptions = {}): Dataset {
  return onTarget(onScale(dataset, set, anyContrast), set);
}

/** The numbers to predict, standardised as the set's are. */
function onTarget(dataset: Dataset, { target }: CondensedSet): Dataset {
  const { target: own, train, test } = dataset;
  if (!target || !own || JSON.stringify(target) === JSON.stringify(own)) return dataset;
  const again = (split: Split): Split => ({
    ...split,
    values: standardisedValues(originalValues(split.values!, own), target),
  });
  return { ...dataset, target, train: again(train), test: again(test) };
}

function onScale(dataset: Dataset, set: CondensedSet, anyContrast: boolean): Dataset {
  const { normalisation, shape, name } = dataset;
  const own = set.normalisation;
  if (dataset.checksum === set.datasetChecksum) return { ...dataset, normalisation: own };
  const target = inUnitsOf(own, normalisation, shape, [name, "the set"]);
  if (!anyContrast) checkScale(dataset, target, own);
  return { ...dataset, normalisation: target };
}

/** Compares the dataset's mean and deviation with those of the images that the set was made from, where both are known. */
function checkScale({ normalisation, name }: Dataset, target: Normalisation, own: Normalisation): void {
  if ([normalisation, own].some(isPlain)) return;
  const unit = normalisation.scale / target.scale;
  const ratios = normalisation.std.map((std, c) => (std * unit) / target.std[c]!);
  const offsets = normalisation.mean.map((mean, c) => Math.abs(mean * unit - target.mean[c]!) / target.std[c]!);
  const ratio = median(ratios);
  if (ratio <= alike && ratio >= 1 / alike && median(offsets) <= alike * Math.max(1, ratio)) return;
  throw new AttarError(
    "unknown-scale",
    `the values of ${name} are not on the scale of the images that the set was made from: their deviation is ${short(ratio)} times as large, their mean ${short(median(offsets))} deviations away`,
    "store both alike: as bytes, 16-bit words, or floats of 0 to 1 or of -1 to 1; where the pictures themselves are darker or paler, add --any-contrast",
  );
}

/** True where mean and deviation were not measured: data that are only scaled. */
const isPlain = ({ mean, std }: Normalisation) => mean.every((m) => m === 0) && std.every((s) => s === 1);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const short = (value: number) => String(Number(value.toPrecision(2)));
