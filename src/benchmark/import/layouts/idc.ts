import { countOfImages, imagesOf, labelsOf, tensorOf } from "../tensors.ts";
import { decoded } from "./decoded.ts";
import type { Layout } from "./layout.ts";
import { otherLayout, torchFile } from "./torchFile.ts";

/**
 * Files of IDC (snu-mllab/Efficient-Dataset-Condensation), and of DREAM and YOCO after it: data.pt with [images, labels] in pixels of
 * 0 to 1. Images are as they are stored: factor × factor small ones in each, a number that the file does not have.
 */
export const idc: Layout = {
  title: "data.pt with [images, labels], undecoded (IDC, DREAM)",
  space: "pixels",
  whitening: "constant",
  async sets(files, facts, { factor }) {
    const { path } = files;
    const value = await torchFile(files, path);
    if (!Array.isArray(value) || value.length !== 2) throw otherLayout(value, path, "a list of images and labels");
    const stored = imagesOf(tensorOf(value[0], "its first value", path), facts, path);
    const count = countOfImages(stored, facts);
    const { labels, notes } = labelsOf(tensorOf(value[1], "its second value", path), count, facts, path);
    if (factor === 1)
      return [
        { images: stored, labels, notes: [...notes, "taken as whole images: --factor 2 for IDC's own settings"] },
      ];
    return [
      {
        images: decoded(stored, facts.shape, factor, 0.5),
        labels: Int32Array.from({ length: labels.length * factor ** 2 }, (_, i) => labels[i % labels.length]!),
        storedFloats: stored.length,
        notes: [...notes, `each of its ${count} images is ${factor ** 2}, enlarged`],
      },
    ];
  },
};
