import { badData } from "../../../data/badData.ts";
import { load } from "../../../data/index.ts";
import { readerOf } from "../../../data/reader.ts";
import type { Layout } from "./layout.ts";

/** A folder of image files, one folder a class, named or numbered as the dataset's classes are. */
export const imageFolder: Layout = {
  title: "a folder of image files for each class (SRe2L and its kin export such)",
  space: "pixels",
  whitening: "constant",
  async sets({ path }, { name, shape, classes }) {
    const [channels, height, width] = shape;
    const found = await load(path, {
      normalisation: "none",
      size: `${height}x${width}`,
      ...(channels === 1 && { grey: true }),
      test: "none",
    });
    if (found.shape.join() !== shape.join())
      throw badData(path, `its images are [${found.shape}], and those of ${name} are [${shape}]`);
    const numbered = found.classes.every((own) => /^\d+$/.test(own) && Number(own) < classes.length);
    const places = found.classes.map((own) => {
      const at = classes.indexOf(own);
      return at < 0 && numbered ? Number(own) : at;
    });
    const odd = places.indexOf(-1);
    if (odd >= 0)
      throw badData(
        path,
        `its folder "${found.classes[odd]}" is no class of ${name}`,
        `Name the folders as the classes, ${classes.slice(0, 3).join(", ")} and so on, or by their numbers from 0.`,
      );
    const { images, labels } = await readerOf(found).batch("a set that was made elsewhere", {});
    return [
      {
        images: images.data as Float32Array,
        labels: labels.map((label) => places[label]!),
        notes: [],
      },
    ];
  },
};
