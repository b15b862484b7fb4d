import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { badData } from "../badData.ts";
import type { Dataset } from "../dataset.ts";
import { parsePng } from "../formats/png.ts";
import { sortedNames } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { commonScale, commonShape, type LabelledImage, packImages } from "../packImages.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { cannotRead, readRaw } from "./readBytes.node.ts";

const trainNames = ["train", "training"];
const testNames = ["test", "val", "valid", "validation"];
const unread = /\.(jpe?g|webp|gif|bmp|tiff?|ppm|pgm)$/i;
/** Files open at once. */
const concurrency = 16;

/**
 * Reads `train/<class>/*.png` with `test/` or `val/` beside it, or `<class>/*.png` directly. Classes are the folders'
 * names, sorted.
 *
 * @throws AttarError "bad-data": no class folders, a class without an image, images of different sizes, a damaged PNG
 */
export async function loadImageFolder(folder: string, name: string, kind?: NormalisationKind): Promise<Dataset> {
  const inside = await folders(folder);
  const trainName = trainNames.find((split) => inside.includes(split));
  const testName = trainName && testNames.find((split) => inside.includes(split));
  const trainFolder = trainName ? join(folder, trainName) : folder;
  const classes = sortedNames(await folders(trainFolder));
  if (classes.length < 2)
    throw badData(
      trainFolder,
      classes.length === 0 ? "has no class folders" : `has one class folder only ("${classes[0]}")`,
      "Expected <class>/*.png or train/<class>/*.png with two classes or more.",
    );
  const train = await readClasses(trainFolder, classes);
  const test = testName ? await readClasses(join(folder, testName), classes, true) : [];
  const shape = commonShape([...train, ...test], trainFolder);
  const scale = commonScale([...train, ...test]);
  return makeDataset(
    {
      name,
      shape,
      classes,
      train: packImages(train, shape, scale),
      ...(test.length > 0 && { test: packImages(test, shape, scale) }),
      scale,
      source: folder,
    },
    kind,
  );
}

async function readClasses(root: string, classes: readonly string[], test = false): Promise<LabelledImage[]> {
  const files: { path: string; label: number }[] = [];
  const present = new Set(await folders(root));
  const stranger = test && [...present].find((name) => !classes.includes(name));
  if (stranger) throw badData(join(root, stranger), "the training split has no class of that name");
  for (const [label, name] of classes.entries()) {
    if (!present.has(name)) continue;
    const folder = join(root, name);
    const inside = (await list(folder)).map((entry) => entry.name).sort();
    const pngs = inside.filter((file) => /\.png$/i.test(file));
    const other = inside.find((file) => unread.test(file));
    if (other)
      throw badData(
        join(folder, other),
        "only PNG images are read",
        `Convert them first, for example: magick mogrify -format png *.${other.split(".").at(-1)}`,
      );
    if (pngs.length === 0 && !test) throw badData(folder, "the class has no PNG image");
    for (const file of pngs) files.push({ path: join(folder, file), label });
  }
  const out: LabelledImage[] = [];
  for (let start = 0; start < files.length; start += concurrency) {
    const batch = files.slice(start, start + concurrency);
    const bytes = await Promise.all(batch.map(({ path }) => readRaw(path)));
    for (const [i, { path, label }] of batch.entries())
      out.push({ image: parsePng(bytes[i]!, path, { unpack: nativeInflate }), label, where: path });
  }
  return out;
}

async function list(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  } catch (error) {
    throw cannotRead(folder, error);
  }
}

/** The folders within, links to folders among them; anything else beside them, a link that leads nowhere say, is passed over. */
async function folders(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await list(folder)) {
    const linked = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : undefined;
    if (entry.isDirectory() || linked?.isDirectory()) found.push(entry.name);
  }
  return found;
}
