import { byClass } from "./byClass.ts";
import type { Dataset, Normalisation } from "./dataset.ts";
import type { Domain } from "./domain.ts";
import type { KnownDataset } from "./knownDatasets.ts";
import { normalisationText } from "./normalisationText.ts";
import type { ReadOptions } from "./readOptions.ts";
import type { ValuesTarget } from "./valuesTarget.ts";

/**
 * The public facts of a dataset, without a sample of it: enough to resolve a configuration, so that runs can be planned
 * without loading data. JSON-serialisable.
 */
export interface DatasetInfo {
  readonly name: string;
  /** The dataset's name among the known ones, where it is one. */
  readonly known?: string;
  readonly domain: Domain;
  readonly classes: readonly string[];
  /** The numbers to predict, where what is predicted is no class: the classes are bins of them then. */
  readonly target?: ValuesTarget;
  /** Samples of each class, by split. */
  readonly counts: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** {@link Dataset}'s. */
  readonly checksum: string;
  /** The normalisation in a line, as `normalisationText` writes it. */
  readonly normalisation: string;
  /** True where samples are ZCA-whitened. */
  readonly whitened: boolean;
  /** The options under which it was read, where a person gave some. */
  readonly reading?: ReadOptions;
}

/** The facts of a dataset; an info is its own. */
export function infoOf(data: Dataset | DatasetInfo): DatasetInfo {
  if ("counts" in data) return data;
  const { name, known, domain, classes, target, train, test, checksum, normalisation, reading } = data;
  const sizes = (labels: Int32Array) => byClass(labels, classes).map((rows) => rows.length);
  return {
    name,
    ...(known !== undefined && { known }),
    domain,
    classes,
    ...(target && { target }),
    counts: { train: sizes(train.labels), test: sizes(test.labels) },
    checksum,
    normalisation: normalisationText(normalisation),
    whitened: normalisation.zca !== undefined,
    ...(reading?.options && { reading: reading.options }),
  };
}

/**
 * The facts of a known dataset's official files, without reading them; undefined where their checksum or their mean and
 * deviation are not known beforehand.
 *
 * @param kind how it is to be normalised: channel by channel, or only scaled
 */
export function infoOfKnown(known: KnownDataset, kind: "channel" | "none" = "channel"): DatasetInfo | undefined {
  const { name, domain, classes, counts, mean, std, officialChecksum: checksum } = known;
  if (checksum === undefined || !mean || !std) return undefined;
  const plain = { scale: 255, mean: mean.map(() => 0), std: std.map(() => 1) };
  const normalisation: Normalisation = kind === "none" ? plain : { scale: 255, mean, std };
  return {
    name,
    known: name,
    domain,
    classes,
    counts,
    checksum,
    normalisation: normalisationText(normalisation),
    whitened: false,
  };
}
