import { badData } from "../badData.ts";
import { indexedLabels } from "../labelNames.ts";
import { annotatedFiles, type LabelledFile } from "./annotations.ts";
import { below, type Folder, filesBelow, type ImageFiles } from "./fileTree.ts";
import { isImageName, isOtherImage } from "./imageKind.ts";
import { type MetadataRow, type MetadataRows, metadataIn, metadataRows } from "./metadataRows.ts";
import { type PlacedFolder, splitFolders } from "./splitFolders.ts";

/** The images of a dataset with their classes, before any is read. */
export interface ImageListing {
  readonly classes: readonly string[];
  readonly train: readonly LabelledFile[];
  /** Empty where there is no test split. */
  readonly test: readonly LabelledFile[];
  /** Where labels and test split are from, and what was guessed, as a reading says it. */
  readonly labels: string;
  readonly testSplit: string;
  readonly notes: readonly string[];
}

/** How {@link listImages} reads. */
export interface ListOptions {
  /** The column of labels in a `metadata.csv` or `metadata.jsonl`. */
  readonly label?: string;
  /** Images of kinds that are not read are passed over. */
  readonly skipUnreadable?: boolean;
  /** What to do about an image of a kind that is not read. */
  readonly advice: string;
}

/**
 * Finds the images and their classes: those of a `metadata.csv` or `metadata.jsonl` where there is one with labels, else folders
 * `train/<class>/…` with `test/` or `val/` beside it, or `<class>/…` directly. Class folders are numbered in text order, as
 * torchvision's ImageFolder does ("10" before "2"); folders within a class belong to it.
 *
 * @throws AttarError "bad-data": no class folders, a class without an image, an image of a kind that is not read
 */
export async function listImages(files: ImageFiles, options: ListOptions): Promise<ImageListing> {
  const splits = splitFolders({ path: "", folder: files.root }, files.name);
  const lists: MetadataRows[] = [];
  for (const placed of placesOfLists(files, splits)) {
    const found = await metadataRows(files, placed, options.label);
    if (found) lists.push(found);
  }
  if (lists.length > 0) return fromLists(lists, splits, files.name);
  if (options.label !== undefined)
    throw badData(
      files.name,
      "has no metadata.csv or metadata.jsonl with that column",
      `leave --label ${options.label} out: the names of the class folders are the labels`,
    );
  return fromFolders(files, splits, options);
}

type Splits = ReturnType<typeof splitFolders>;

function placesOfLists({ root }: ImageFiles, { train, tests }: Splits): PlacedFolder[] {
  const all = [{ path: "", folder: root }, train, ...tests];
  const distinct = all.filter((one, i) => all.findIndex(({ path }) => path === one.path) === i);
  return distinct.filter(({ folder }) => metadataIn(folder) !== undefined);
}

function fromLists(lists: readonly MetadataRows[], { train, tests, notes }: Splits, name: string): ImageListing {
  const rows = lists.flatMap((list) => list.rows);
  const inside =
    ({ path }: PlacedFolder) =>
    (row: MetadataRow) =>
      path === "" || row.path.startsWith(`${path}/`);
  const trainRows = rows.filter(
    (row) => inside(train)(row) && (train.path !== "" || !tests.some((t) => inside(t)(row))),
  );
  const from = tests.find((split) => rows.some(inside(split)));
  const testRows = from ? rows.filter(inside(from)) : [];
  if (trainRows.length === 0) throw badData(`${name}/${lists[0]!.list}`, "lists no image of the training split");
  const texts = (some: readonly MetadataRow[]) => some.map(({ label }) => label);
  const indexed = indexedLabels(texts(trainRows), from && texts(testRows), name);
  const labelled = (some: readonly MetadataRow[], labels: Int32Array) =>
    some.map(({ path }, i) => ({ path, label: labels[i]! }));
  return {
    classes: indexed.classes,
    train: labelled(trainRows, indexed.train),
    test: indexed.test ? labelled(testRows, indexed.test) : [],
    labels: `the column ${lists[0]!.column} of ${lists[0]!.list.split("/").at(-1)}`,
    testSplit: indexed.test && from ? lastName(from) : "none",
    notes: [...notes, ...indexed.notes],
  };
}

async function fromFolders(files: ImageFiles, splits: Splits, options: ListOptions): Promise<ImageListing> {
  const { train, tests, notes } = splits;
  const classes = [...train.folder.folders.keys()];
  const shown = (path: string) => (path === "" ? files.name : `${files.name}/${path}`);
  checkClasses(train.folder, classes, shown(train.path));
  const taken = classFiles(train, classes, files.name, options);
  const used = new Set(taken.files.map(({ label }) => label));
  const empty = classes.findIndex((_, label) => !used.has(label));
  if (empty >= 0)
    throw badData(
      shown(below(train.path, classes[empty]!)),
      "the class has no image",
      "Add images to it, or move the folder elsewhere.",
    );
  const test = await testFiles(files, tests, classes, options);
  const passed = taken.passed + test.passed;
  const renumbered = classes.every((c) => /^\d+$/.test(c)) && classes.some((c, i) => i > 0 && +c < +classes[i - 1]!);
  return {
    classes,
    train: taken.files,
    test: test.files,
    labels: "the names of the class folders, in text order",
    testSplit: test.from ?? "none",
    notes: [
      ...notes,
      ...(renumbered ? [`classes are in text order: ${classes.slice(0, 4).join(", ")}, …`] : []),
      ...test.notes,
      ...(passed > 0 ? [`images of kinds that are not read are passed over: ${passed}`] : []),
    ],
  };
}

const lastName = ({ path }: PlacedFolder) => path.split("/").at(-1)!;

function checkClasses({ files }: Folder, classes: readonly string[], where: string): void {
  if (classes.length >= 2) return;
  const images = files.filter((file) => isImageName(file) || isOtherImage(file)).length;
  const flat = images > 0 ? `, and ${images} images that are in none` : "";
  throw badData(
    where,
    classes.length === 0 ? `has no class folders${flat}` : `has one class folder only ("${classes[0]}")${flat}`,
    "Expected <class>/… or train/<class>/… with two classes or more, or a metadata.jsonl with file_name and label.",
  );
}

/** The images of the class folders that are there, and how many were passed over. */
function classFiles({ folder, path }: PlacedFolder, classes: readonly string[], root: string, options: ListOptions) {
  const files: LabelledFile[] = [];
  let passed = 0;
  for (const [label, name] of classes.entries()) {
    const inside = folder.folders.get(name);
    for (const file of inside ? filesBelow(inside, below(path, name)) : []) {
      if (isImageName(file)) files.push({ path: file, label });
      else if (isOtherImage(file)) {
        if (!options.skipUnreadable)
          throw badData(
            `${root}/${file}`,
            `is ${file.split(".").at(-1)!.toUpperCase()}, which is not read`,
            options.advice,
          );
        passed++;
      }
    }
  }
  return { files, passed };
}

/** The first of the folders whose images have classes; what is passed over is said. */
async function testFiles(
  files: ImageFiles,
  candidates: readonly PlacedFolder[],
  classes: readonly string[],
  options: ListOptions,
) {
  const notes: string[] = [];
  let found: readonly LabelledFile[] = [];
  let passed = 0;
  let from: string | undefined;
  for (const candidate of candidates) {
    const name = lastName(candidate);
    if (from !== undefined) {
      notes.push(`the folder ${name} is left out: the test split is ${from}`);
      continue;
    }
    const folders = [...candidate.folder.folders.keys()];
    const known = new Set(classes);
    const strange = folders.filter((inside) => !known.has(inside));
    const labelled = folders.length > strange.length;
    if (strange[0] !== undefined && (labelled || strange.some((inside) => !/^images?$/i.test(inside))))
      throw badData(
        `${files.name}/${below(candidate.path, strange[0])}`,
        "the training split has no class of that name",
        "Name the class folders alike in both splits.",
      );
    const annotated = labelled ? undefined : await annotatedFiles(files, candidate, classes);
    if (labelled) {
      const taken = classFiles(candidate, classes, files.name, options);
      found = taken.files;
      passed += taken.passed;
    } else found = annotated ?? [];
    if (found.length > 0) from = annotated ? `${name}, by its annotations` : name;
    else notes.push(passedOver(candidate, labelled));
  }
  return { files: found, from, notes, passed };
}

function passedOver(candidate: PlacedFolder, labelled: boolean): string {
  const images = filesBelow(candidate.folder, "").filter((file) => isImageName(file) || isOtherImage(file)).length;
  const why = images === 0 || labelled ? "it holds no image" : `its ${images} images lie in no class folder`;
  return `the folder ${lastName(candidate)} is left out: ${why}`;
}
