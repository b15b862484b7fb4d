import { badData } from "../../../data/badData.ts";
import { entryOf } from "../../../data/formats/pickle/pickle.ts";
import { ArrayValue } from "../../../data/formats/pickle/value.ts";
import { countOfImages, imagesOf, labelsOf, tensorOf } from "../tensors.ts";
import type { Layout } from "./layout.ts";
import { otherLayout, torchFile } from "./torchFile.ts";

/**
 * Files of DC, DSA and DM (VICO-UoE/DatasetCondensation), which GLaD and others kept: a dict with `data`, a list of [images, labels],
 * one for each experiment, and `accs_all_exps`. Images are normalised.
 */
export const vico: Layout = {
  title: "a dict with data: [[images, labels], …], one for each experiment (DC, DSA, DM)",
  space: "normalised",
  whitening: "constant",
  async sets(files, facts) {
    const { path } = files;
    const value = await torchFile(files, path);
    const data = entryOf(value, "data");
    if (!Array.isArray(data)) throw otherLayout(value, path, "a dict with data: [[images, labels], …]");
    if (data.length === 0) throw badData(path, "its data is an empty list: no experiment ended");
    return data.map((pair, i) => {
      const label = `set ${i}`;
      if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((v) => v instanceof ArrayValue))
        throw badData(path, `${label} of its data is not [images, labels]`);
      const images = imagesOf(tensorOf(pair[0], `the images of ${label}`, path), facts, path);
      const count = countOfImages(images, facts);
      return { images, ...labelsOf(tensorOf(pair[1], `the labels of ${label}`, path), count, facts, path) };
    });
  },
};
