import { ArrayValue, type PickleValue } from "../../../data/formats/pickle/value.ts";
import { AttarError } from "../../../engine/errors.ts";
import type { Facts, ForeignSet } from "../foreignSet.ts";
import { countOfImages, imagesOf, labelsOf, tensorOf } from "../tensors.ts";
import type { Files } from "./layout.ts";
import { otherLayout, torchFile } from "./torchFile.ts";

/**
 * A set in files beside one another: images, labels, and a learning rate where there is one, images_best.pt with labels_best.pt and
 * lr_best.pt.
 *
 * @param names of the images in a folder, the best first
 */
export async function imagesAndLabels(files: Files, facts: Facts, names: readonly string[]): Promise<ForeignSet> {
  const path = files.isFolder ? await firstOf(files, names) : files.path;
  const beside = (word: string) => path.replace(/images(_zca)?(?=[^\\/]*$)/, word);
  if (beside("labels") === path)
    throw new AttarError(
      "bad-option",
      `${path} has not the name of an images file, by which its labels are found`,
      `rename it: images.pt, with labels.pt beside it`,
    );
  const value = await torchFile(files, path);
  if (!(value instanceof ArrayValue)) throw otherLayout(value, path, "a tensor of images");
  const images = imagesOf(value, facts, path);
  const labelled = beside("labels");
  const labels = tensorOf(await torchFile(files, labelled), "its value", labelled);
  const rate = beside("lr");
  const learningRate = (await files.read(rate)) ? oneNumber(await torchFile(files, rate)) : undefined;
  return {
    images,
    ...labelsOf(labels, countOfImages(images, facts), facts, labelled),
    ...(learningRate !== undefined && learningRate > 0 && { learningRate }),
  };
}

async function firstOf(files: Files, names: readonly string[]): Promise<string> {
  const paths = names.map((name) => `${files.path.replace(/[\\/]+$/, "")}/${name}`);
  for (const path of paths) if (await files.read(path)) return path;
  throw new AttarError("absent-file", `${files.path} has none of ${names.join(", ")}`, "name the file of the images");
}

function oneNumber(value: PickleValue): number | undefined {
  if (value instanceof ArrayValue && value.data.length === 1) return Number(value.data[0]);
  return typeof value === "number" ? value : undefined;
}
