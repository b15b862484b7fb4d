import { badData } from "../../../data/badData.ts";
import type { NumericTensor } from "../../../data/formats/npy.ts";
import { parseNpz } from "../../../data/formats/npz.ts";
import { AttarError } from "../../../engine/errors.ts";
import type { Facts, ForeignSet } from "../foreignSet.ts";
import { countOfImages, imagesOf, labelsOf } from "../tensors.ts";
import type { Files, Layout } from "./layout.ts";

async function arraysOf(files: Files, facts: Facts, values: boolean): Promise<ForeignSet> {
  const { path } = files;
  const bytes = await files.read(path);
  if (!bytes) throw new AttarError("absent-file", `there is no file ${path}`, "name the .npz file");
  const arrays = parseNpz(bytes, path);
  const named = (names: readonly string[]): NumericTensor => {
    const found = names.map((name) => arrays.get(name)).find((array) => array !== undefined);
    if (found) return found;
    throw badData(path, `has none of the arrays ${names.join(", ")}; it has ${[...arrays.keys()].join(", ")}`);
  };
  const images = imagesOf(named(["images", "x", "X"]), facts, path);
  return { images, ...labelsOf(named(["labels", "y", "Y"]), countOfImages(images, facts), facts, path, values) };
}

/** Files of KIP (google-research/kip): arrays `images`, channels last, and `labels`, values to regress on. */
export const kip: Layout = {
  title: ".npz with images and labels as values (KIP)",
  space: "normalised",
  whitening: "share",
  sets: async (files, facts) => [await arraysOf(files, facts, true)],
};

/** Any .npz with arrays of images and labels. */
export const npz: Layout = {
  title: ".npz with images and labels",
  space: "pixels",
  whitening: "constant",
  sets: async (files, facts) => [await arraysOf(files, facts, false)],
};
