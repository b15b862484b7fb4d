import { basename, join } from "node:path";
import { badData } from "../badData.ts";
import { convertFolder, isOtherImage, otherImageKind } from "../convertAdvice.ts";
import type { Dataset } from "../dataset.ts";
import { parsePng } from "../formats/png.ts";
import { byCodePoint } from "../labelNames.ts";
import { makeDataset, type NormalisationKind } from "../makeDataset.ts";
import { commonScale, commonShape, type LabelledImage, packImages } from "../packImages.ts";
import { annotatedFiles, type LabelledFile } from "./annotations.node.ts";
import { contentOf, filesBelow } from "./folderFiles.node.ts";
import { nativeInflate } from "./nativeInflate.node.ts";
import { readRaw } from "./readBytes.node.ts";
import { isPng, splitFolders } from "./splitFolders.node.ts";

/** Files open at once. */
const concurrency = 16;

/**
 * Reads `train/<class>/…/*.png` with `test/` or `val/` beside it, or `<class>/…/*.png` directly. Classes are the folders'
 * names in text order, as torchvision's ImageFolder numbers them ("10" before "2"); folders within a class belong to it.
 *
 * @throws AttarError "bad-data": no class folders, a class without an image, images that are no PNG or of different sizes
 */
export async function loadImageFolder(folder: string, name: string, kind?: NormalisationKind): Promise<Dataset> {
  const { train: trainFolder, tests, notes: found } = await splitFolders(folder);
  const classes = (await contentOf(trainFolder)).folders.toSorted(byCodePoint);
  await checkClasses(trainFolder, classes);
  const trainFiles = await classFiles(trainFolder, classes, folder);
  const empty = classes.findIndex((_, label) => !trainFiles.some((file) => file.label === label));
  if (empty >= 0)
    throw badData(
      join(trainFolder, classes[empty]!),
      "the class has no PNG image",
      "Add images to it, or move the folder elsewhere.",
    );
  const test = await testFiles(tests, classes, folder);
  const [train, other] = [await decoded(trainFiles, folder), await decoded(test.files, folder)];
  const shape = commonShape([...train, ...other], trainFolder, folder);
  const scale = commonScale([...train, ...other]);
  const renumbered = classes.every((c) => /^\d+$/.test(c)) && classes.some((c, i) => i > 0 && +c < +classes[i - 1]!);
  return makeDataset(
    {
      name,
      shape,
      classes,
      train: packImages(train, shape, scale),
      ...(other.length > 0 && { test: packImages(other, shape, scale) }),
      scale,
      source: folder,
      reading: {
        format: "folders of PNG images",
        labels: "the names of the class folders, in text order",
        testSplit: test.from ?? "none",
        notes: [
          ...found,
          ...(renumbered ? [`classes are in text order: ${classes.slice(0, 4).join(", ")}, …`] : []),
          ...test.notes,
        ],
      },
    },
    kind,
  );
}

async function checkClasses(trainFolder: string, classes: readonly string[]): Promise<void> {
  if (classes.length >= 2) return;
  const { files } = await contentOf(trainFolder);
  const images = files.filter((file) => isPng(file) || isOtherImage(file)).length;
  const flat = images > 0 ? `, and ${images} images that are in none` : "";
  throw badData(
    trainFolder,
    classes.length === 0 ? `has no class folders${flat}` : `has one class folder only ("${classes[0]}")${flat}`,
    "Expected <class>/*.png or train/<class>/*.png with two classes or more.",
  );
}

/** The images of the class folders that are there. @throws AttarError for an image that is no PNG */
async function classFiles(root: string, classes: readonly string[], whole: string): Promise<LabelledFile[]> {
  const present = new Set((await contentOf(root)).folders);
  const out: LabelledFile[] = [];
  for (const [label, name] of classes.entries()) {
    if (!present.has(name)) continue;
    const files = await filesBelow(join(root, name));
    const other = files.find(isOtherImage);
    if (other) throw unread(other, basename(other).split(".").at(-1)!.toUpperCase(), whole);
    for (const path of files) if (isPng(path)) out.push({ path, label });
  }
  return out;
}

/** The first of the folders whose images have classes; what is passed over is said. */
async function testFiles(candidates: readonly string[], classes: readonly string[], whole: string) {
  const notes: string[] = [];
  let files: LabelledFile[] = [];
  let from: string | undefined;
  for (const candidate of candidates) {
    const name = basename(candidate);
    if (from !== undefined) {
      notes.push(`the folder ${name} is left out: the test split is ${from}`);
      continue;
    }
    const { folders } = await contentOf(candidate);
    const strange = folders.filter((inside) => !classes.includes(inside));
    const labelled = folders.length > strange.length;
    if (strange[0] !== undefined && (labelled || strange.some((inside) => !/^images?$/i.test(inside))))
      throw badData(
        join(candidate, strange[0]),
        "the training split has no class of that name",
        "Name the class folders alike in both splits.",
      );
    const annotated = labelled ? undefined : await annotatedFiles(candidate, classes);
    files = labelled ? await classFiles(candidate, classes, whole) : (annotated ?? []);
    if (files.length > 0) from = annotated ? `${name}, by its annotations` : name;
    else notes.push(await passedOver(candidate, labelled));
  }
  return { files, from, notes };
}

async function passedOver(folder: string, labelled: boolean): Promise<string> {
  const images = (await filesBelow(folder)).filter((file) => isPng(file) || isOtherImage(file)).length;
  const why = images === 0 || labelled ? "it holds no PNG image" : `its ${images} images lie in no class folder`;
  return `the folder ${basename(folder)} is left out: ${why}`;
}

async function decoded(files: readonly LabelledFile[], whole: string): Promise<LabelledImage[]> {
  const out: LabelledImage[] = [];
  for (let start = 0; start < files.length; start += concurrency) {
    const batch = files.slice(start, start + concurrency);
    const bytes = await Promise.all(batch.map(({ path }) => readRaw(path)));
    for (const [i, { path, label }] of batch.entries()) {
      const kind = otherImageKind(bytes[i]!);
      if (kind) throw unread(path, kind, whole);
      out.push({ image: parsePng(bytes[i]!, path, { unpack: nativeInflate }), label, where: path });
    }
  }
  return out;
}

const unread = (path: string, kind: string, folder: string) =>
  badData(path, `is ${kind}: only PNG images are decoded`, convertFolder(folder));
