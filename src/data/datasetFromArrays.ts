import { badData } from "./badData.ts";
import type { Dataset, Split } from "./dataset.ts";
import type { NumericTensor } from "./formats/npy.ts";
import { guessScale, type ImageArray, imagesOfArray } from "./imageArrays.ts";
import { integerLabels, numberedClasses } from "./labelNames.ts";
import { makeDataset, type NormalisationKind } from "./makeDataset.ts";

/** Names under which files keep (images, labels) of the training and of the test split. */
const namings = [
  ["x_train", "y_train", "x_test", "y_test"],
  ["train_images", "train_labels", "test_images", "test_labels"],
  ["images", "labels", "test_images", "test_labels"],
  ["x", "y", "x_test", "y_test"],
] as const;

/**
 * A dataset from named arrays, as .npz and .safetensors hold them: `x_train`, `y_train`, `x_test`, `y_test`, or
 * `train_images` …, or `images` and `labels`; the test split may be missing.
 *
 * @throws AttarError "bad-data"
 */
export async function datasetFromArrays(
  arrays: ReadonlyMap<string, NumericTensor>,
  name: string,
  where: string,
  kind?: NormalisationKind,
): Promise<Dataset> {
  const naming = namings.find(([x, y]) => arrays.has(x) && arrays.has(y));
  if (!naming)
    throw badData(
      where,
      `has the arrays ${[...arrays.keys()].slice(0, 8).join(", ") || "(none)"}, none of them images and labels`,
      "Name them images and labels, or x_train, y_train, x_test and y_test.",
    );
  const [trainX, trainY, testX, testY] = naming;
  const train = readSplit(arrays, trainX, trainY, where);
  const test = arrays.has(testX) && arrays.has(testY) ? readSplit(arrays, testX, testY, where) : undefined;
  if (test && test.shape.join() !== train.shape.join())
    throw badData(where, `test images are [${test.shape}], training images [${train.shape}]`);
  const mixed = test !== undefined && test.images.constructor !== train.images.constructor;
  const split = (part: Read): Split => ({
    images: mixed ? Float32Array.from(part.images) : part.images,
    labels: part.labels,
  });
  return makeDataset(
    {
      name,
      shape: train.shape,
      classes: numberedClasses(train.labels, ...(test ? [test.labels] : [])),
      train: split(train),
      ...(test && { test: split(test) }),
      scale: guessScale(train.range),
      source: where,
    },
    kind,
  );
}

type Read = ImageArray & { readonly labels: Int32Array };

function readSplit(arrays: ReadonlyMap<string, NumericTensor>, x: string, y: string, where: string): Read {
  const images = arrays.get(x)!;
  const labels = arrays.get(y)!;
  if (labels.shape.length < 1 || labels.shape.slice(1).some((d) => d !== 1))
    throw badData(`${where} (${y})`, `labels of shape [${labels.shape}] are not understood, expected [n]`);
  if (images.shape[0] !== labels.shape[0])
    throw badData(where, `${x} holds ${images.shape[0]} images, ${y} ${labels.shape[0]} labels`);
  return { ...imagesOfArray(images, `${where} (${x})`), labels: integerLabels(labels.data, `${where} (${y})`) };
}
