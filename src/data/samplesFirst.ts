import type { StoredArray, TextTensor } from "./arrayNamings.ts";
import { badData } from "./badData.ts";
import { columnMajor, inCOrder, type NumericTensor, rowMajor } from "./formats/numbers.ts";

export const isTexts = (array: StoredArray): array is TextTensor => "texts" in array;

/** Labels [n], [n, k] in C order: a row vector [1, n], as MATLAB and some HDF5 files hold it, becomes [n]. */
export function labelsFirst(labels: StoredArray, images: StoredArray): StoredArray {
  if (isTexts(labels)) return labels;
  const { shape, data } = labels;
  const ends = [images.shape[0], images.shape.at(-1)];
  if (
    shape.length > 1 &&
    shape[0] === 1 &&
    data.length > 1 &&
    shape.includes(data.length) &&
    ends.includes(data.length)
  )
    return { shape: [data.length], data };
  if (!ends.includes(shape[0]) && shape.length === 2 && ends.includes(shape[1]))
    return { shape: [shape[1]!, shape[0]!], data: moved(labels, [1, 0]) };
  return { shape, data: moved(labels) };
}

/**
 * Samples along the first axis, in C order: an array whose last axis is as long as there are labels, and whose first is not, is
 * turned where it is MATLAB's, or has MATLAB's shape of images: [height, width, channels, n].
 *
 * @param n how many labels there are
 * @throws AttarError "bad-data" where neither axis has that length
 */
export function samplesFirst(
  images: NumericTensor & { readonly columnMajor?: boolean },
  n: number,
  what: { readonly images: string; readonly labels: string; readonly where: string },
): NumericTensor & { readonly note?: string } {
  const { shape } = images;
  if (shape.length === 0)
    throw badData(
      what.where,
      `${what.images} is one number, no array of samples`,
      "Name the array of the images: --images NAME",
    );
  if (shape[0] === n && !isPictureStack(shape, n)) return { shape, data: moved(images) };
  const stack = shape.length === 4 && (shape[2] === 1 || shape[2] === 3);
  if (shape.length < 2 || shape.at(-1) !== n || !(images.columnMajor || stack))
    throw badData(
      what.where,
      `${what.images} holds ${shape[0]} images, ${what.labels} ${n} labels`,
      `Store a label for each image, or name the array of the labels: --label NAME`,
    );
  const order = [shape.length - 1, ...shape.slice(0, -1).map((_, axis) => axis)];
  const turned = order.map((axis) => shape[axis]!);
  const note = `the last axis of ${what.images} [${shape}] counts the samples: it is read as [${turned}]`;
  return { shape: turned, data: moved(images, order), note };
}

/** Tells whether as many pictures as they are high lie in [height, width, 1 or 3, n]. */
const isPictureStack = ([height, width, channels, last, ...more]: readonly number[], n: number): boolean =>
  height === n && last === n && more.length === 0 && (channels === 1 || channels === 3) && width !== 1 && width !== 3;

/** The elements in C order, axes in another order. */
function moved(array: NumericTensor & { readonly columnMajor?: boolean }, order?: readonly number[]) {
  const { shape, data } = array;
  if (!order && (!array.columnMajor || shape.length < 2)) return data;
  const steps = array.columnMajor ? columnMajor(shape) : rowMajor(shape);
  const axes = order ?? shape.map((_, axis) => axis);
  return inCOrder(
    data,
    axes.map((axis) => shape[axis]!),
    axes.map((axis) => steps[axis]!),
  );
}
