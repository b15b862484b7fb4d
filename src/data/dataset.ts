import type { OptionValues } from "../engine/options.ts";
import type { Domain } from "./domain.ts";
import type { NumericTensor } from "./formats/npy.ts";
import type { Reading } from "./reading.ts";
import type { TablePreparation } from "./table/preparation.ts";
import type { ValuesTarget } from "./valuesTarget.ts";

/** Images as they are stored: [count, channels, height, width], row-major. Never normalised in memory. */
export interface Split {
  readonly images: Uint8Array | Float32Array;
  /** Class index of each image; where numbers are predicted, its bin's. */
  readonly labels: Int32Array;
  /** Numbers to predict, [count, k], standardised; of datasets with a numeric target. */
  readonly values?: Float32Array;
}

/** Lowest and highest value per channel, in units of stored / scale: what a picture shows as black and as white. */
export interface ValueRange {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The map from a stored pixel to what a network sees: (stored / scale − mean) / std per channel, then whitening if any. */
export interface Normalisation {
  /** Stored value that stands for 1: 255 for bytes, 65535 for 16-bit words, 16 for `digits`, 1 for floats. */
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Range of stored / scale where that is not 0 to 1: of signed numbers, of other floats, of a table's features. */
  readonly range?: ValueRange;
  /** ZCA whitening applied after mean and std, fitted on the training split. */
  readonly zca?: Zca;
}

/** Whitening x ↦ W (x − m) of flattened images, and its inverse. */
export interface Zca {
  /** Side of the square matrices: channels · height · width. */
  readonly dimension: number;
  readonly mean: Float32Array;
  readonly whiten: Float32Array;
  readonly unwhiten: Float32Array;
}

/** A labelled image dataset with its splits in memory in their stored type. */
export interface Dataset {
  readonly name: string;
  /**
   * The dataset's name among the known ones, where it was loaded by that: what authors found for it applies. Never of a
   * path.
   */
  readonly known?: string;
  /** The domain of its samples. */
  readonly domain: Domain;
  /** [channels, height, width] of a sample as `images` hold it. */
  readonly shape: readonly [number, number, number];
  /** Class names; a label indexes them. Where numbers are predicted, bins of them. */
  readonly classes: readonly string[];
  /** The numbers to predict, where what is predicted is no class. */
  readonly target?: ValuesTarget;
  /** How the columns of a table became the features of its rows; fitted on the training split. */
  readonly table?: TablePreparation;
  readonly train: Split;
  /** Empty (zero images) where the source has no test split. */
  readonly test: Split;
  readonly normalisation: Normalisation;
  /** SHA-256 (hex) over shape, labels, numbers to predict and stored pixels of both splits. */
  readonly checksum: string;
  /** The place that it came from, for a person: a path or "embedded". */
  readonly source: string;
  /** An account of how it was read and what was guessed; absent where nothing was. */
  readonly reading?: Reading;
}

/** Bytes of the stored samples of both splits. */
export const bytesOf = ({ train, test }: Pick<Dataset, "train" | "test">): number =>
  train.images.byteLength + test.images.byteLength;

/** What stands for the checksum of its dataset in a private set: it would confirm a guess at the samples. */
export const withheldChecksum = "withheld";
/**
 * A condensed set as the data space of its run has it: codes of each class, and what decodes them. Where codes have a prior, or a code
 * several renderings, other images than those of the set can be made of it.
 */
export interface CodedForm {
  /** The data space's name and its options. */
  readonly space: string;
  readonly options: OptionValues;
  /** The variables of the data space by name: those of classes one after the other. */
  readonly variables: Readonly<Record<string, NumericTensor>>;
  /** Floats of the codes, and of what decodes them. */
  readonly codes: number;
  readonly decoder: number;
  /** True where what decodes them was trained elsewhere, and not on the dataset. */
  readonly outside?: true;
  /** Images of the set, one after the other, that are renderings of one code. */
  readonly renderings: number;
}

/** A condensed set S: what a run produces and everything a foreign reader needs to train on it. */
export interface CondensedSet {
  /** [count, channels, height, width] in the training normalisation. */
  readonly images: Float32Array;
  readonly shape: readonly [number, number, number];
  /** Class index of each image; for soft labels their arg max. */
  readonly labels: Int32Array;
  /** [count, classes] where labels are soft. */
  readonly softLabels?: Float32Array;
  /** The loss where soft labels are values to regress on instead of probabilities; cross-entropy where left out. */
  readonly loss?: "squared-error";
  /** Numbers to predict, [count, k], standardised as {@link target} says: networks train on the squared error. */
  readonly values?: Float32Array;
  /** The numbers to predict, where what is predicted is no class. */
  readonly target?: ValuesTarget;
  /** How the columns of a table became the features of these rows, and with it the way back. */
  readonly table?: TablePreparation;
  readonly classes: readonly string[];
  readonly normalisation: Normalisation;
  readonly dataset: string;
  /** {@link Dataset}'s; {@link withheldChecksum} of a private set. */
  readonly datasetChecksum: string;
  readonly method: string;
  /** Images stored per class. */
  readonly ipc: number;
  /** Augmentation to use when training on it, e.g. "color_crop_cutout_flip_scale_rotate"; "" for none. */
  readonly augmentation: string;
  /** Learned learning rate, if any. */
  readonly learningRate?: number;
  /** Floats that the images were decoded from, where S is stored in another form than the images themselves. */
  readonly storedFloats?: number;
  /** S as codes with what decodes them, where its data space has them. */
  readonly form?: CodedForm;
}
