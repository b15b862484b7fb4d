import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodePng } from "../formats/png.ts";
import { load } from "./load.node.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "attar-folder-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A grey image of one value, by which it is known again. */
const png = (value: number, side = 2) =>
  encodePng({ channels: 1, height: side, width: side, data: new Uint8Array(side * side).fill(value) });
let folders = 0;
/** Writes images (a number is their value), or other files, below a fresh folder. */
async function folder(files: Record<string, number | string | Uint8Array>): Promise<string> {
  const at = join(root, `f${folders++}`);
  for (const [name, content] of Object.entries(files)) {
    const path = join(at, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === "number" ? png(content) : content);
  }
  return at;
}
const values = (images: ArrayLike<number>) => Array.from(images).filter((_, i) => i % 4 === 0);

describe("classes", () => {
  test("are numbered in text order, as ImageFolder does; and it is said", async () => {
    const names = Array.from({ length: 12 }, (_, i) => String(i));
    const set = await load(await folder(Object.fromEntries(names.map((name, i) => [`${name}/a.png`, i]))));
    expect(set.classes).toEqual(["0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(values(set.train.images)).toEqual([0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(set.reading?.notes.join()).toContain("classes are in text order: 0, 1, 10, 11, …");
  });

  test("capitals come first, and characters beyond the basic plane last, as in Python", async () => {
    const set = await load(await folder({ "b/a.png": 1, "\u{1F600}/a.png": 2, "\uFF21/a.png": 3, "Z/a.png": 4 }));
    expect(set.classes).toEqual(["Z", "b", "\uFF21", "\u{1F600}"]);
  });

  test("hold the images of the folders inside them, in ImageFolder's order", async () => {
    const set = await load(
      await folder({
        "a/z.png": 1,
        "a/sub/y.png": 2,
        "a/sub-b/w.png": 3,
        "a/sub/deep/x.png": 4,
        "b/s1/1.png": 5,
        "b/s1/.hidden.png": 6,
      }),
    );
    expect([values(set.train.images), [...set.train.labels]]).toEqual([
      [1, 2, 3, 4, 5],
      [0, 0, 0, 0, 1],
    ]);
  });

  test("a link to a folder stands for it, one that leads back is not followed for ever, one to a file is none", async () => {
    const at = await folder({ "a/1.png": 1, "b/1.png": 2, README: "text" });
    await symlink(join(at, "a"), join(at, "a", "again"));
    await symlink(join(at, "README"), join(at, "link"));
    await symlink(await folder({ "1.png": 7 }), join(at, "c"));
    const set = await load(at);
    expect([set.classes, values(set.train.images)]).toEqual([
      ["a", "b", "c"],
      [1, 2, 7],
    ]);
  });

  test("a class called train among others is one", async () => {
    const set = await load(await folder({ "train/1.png": 1, "plane/1.png": 2 }));
    expect([set.classes, values(set.train.images)]).toEqual([
      ["plane", "train"],
      [2, 1],
    ]);
  });
});

describe("splits", () => {
  test.each([
    ["train", "test"],
    ["Train", "Test"],
    ["TRAIN", "VAL"],
    ["training", "testing"],
    ["training_set", "test_set"],
    ["train", "valid"],
    ["Training", "validation"],
    ["trainset", "testset"],
  ])("%s and %s", async (train, other) => {
    const set = await load(
      await folder({
        [`${train}/a/1.png`]: 1,
        [`${train}/b/1.png`]: 2,
        [`${other}/b/1.png`]: 3,
        "__MACOSX/a/1.png": 9,
        [`${train}/__MACOSX/1.png`]: 9,
        ".git/x/1.png": 9,
      }),
    );
    expect([set.classes, values(set.train.images), values(set.test.images), [...set.test.labels]]).toEqual([
      ["a", "b"],
      [1, 2],
      [3],
      [1],
    ]);
    expect(set.reading?.testSplit).toBe(other);
  });

  const train = { "train/a/1.png": 1, "train/b/1.png": 2 };
  test("a test split without classes is passed over for one with them; both are said", async () => {
    const set = await load(
      await folder({ ...train, "test/1.png": 8, "test/2.png": 9, "val/a/1.png": 3, "more/x.png": 4 }),
    );
    expect([values(set.test.images), set.reading?.testSplit]).toEqual([[3], "val"]);
    expect(set.reading?.notes).toEqual([
      'left out beside the folder train: "more"',
      "the folder test is left out: its 2 images lie in no class folder",
    ]);
  });

  test("a flat validation folder alone: none, and said", async () => {
    const set = await load(await folder({ ...train, "val/1.png": 8 }));
    expect([set.test.labels.length, set.reading?.notes]).toEqual([
      0,
      ["the folder val is left out: its 1 images lie in no class folder"],
    ]);
  });

  test("val/images with its list of classes, as in Tiny ImageNet; test/images without", async () => {
    const set = await load(
      await folder({
        "train/a/images/a_0.png": 1,
        "train/a/a_boxes.txt": "",
        "train/b/images/b_0.png": 2,
        "val/images/val_0.JPEG.png": 3,
        "val/images/val_1.png": 4,
        "val/val_annotations.txt": "val_1.JPEG\ta\t0\t0\nval_0.JPEG\tb\t0\t0\n",
        "test/images/test_0.png": 5,
      }),
    );
    expect([values(set.test.images), [...set.test.labels], set.reading?.testSplit]).toEqual([
      [3, 4],
      [1, 0],
      "val, by its annotations",
    ]);
  });

  test("test and validation: the test split counts, the other is said", async () => {
    const set = await load(await folder({ ...train, "test/a/1.png": 3, "val/a/1.png": 4 }));
    expect([values(set.test.images), set.reading?.notes]).toEqual([
      [3],
      ["the folder val is left out: the test split is test"],
    ]);
  });

  test("a folder around the dataset is opened", async () => {
    const set = await load(await folder({ "pets/train/a/1.png": 1, "pets/train/b/1.png": 2, "pets/test/a/1.png": 3 }));
    expect([set.classes, values(set.test.images)]).toEqual([["a", "b"], [3]]);
  });

  test("a test split alone is refused", async () => {
    await expect(load(await folder({ "test/a/1.png": 1, "val/a/1.png": 1 }))).rejects.toThrow("no training split");
  });
});

describe("images of several sizes", () => {
  test("are listed, the commonest first, with an option that gives them one", async () => {
    const at = await folder({ "a/1.png": 1, "a/2.png": png(1, 3), "b/1.png": 2 });
    await expect(load(at)).rejects.toMatchObject({
      message: `${at}/a/2.png: is 3 x 3 pixels, and all images must have one size; there are 2 of 2 x 2, 1 of 3 x 3.`,
      hint: "This brings all of them to one size, scaled and cut: --size 2x2",
    });
    const set = await load(at, { size: "2x2" });
    expect([set.shape, values(set.train.images)]).toEqual([
      [1, 2, 2],
      [1, 1, 2],
    ]);
    expect(set.reading?.notes).toEqual(["images of 2 sizes are brought to one: 2 of 2 x 2, 1 of 3 x 3"]);
  });

  test("training and test images of other sizes", async () => {
    const at = await folder({ "train/a/1.png": 1, "train/b/1.png": 2, "test/a/1.png": png(3, 4) });
    await expect(load(at)).rejects.toMatchObject({ hint: expect.stringContaining("--size 2x2") });
    expect((await load(at, { size: "3" })).test.images).toEqual(new Uint8Array(9).fill(3));
  });
});

describe("images that cannot be read", () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0);
  test.each([
    ["x.jpg", jpeg, "the JPEG image is damaged or cut short"],
    ["x.png", jpeg, "the JPEG image is damaged or cut short"],
    ["sub/x.webp", "RIFF1234WEBP", "the WebP image is damaged or cut short"],
    ["y.gif", "GIF89a", "the GIF image is damaged or cut short"],
    ["x.bmp", "BM", "not a BMP image"],
    ["x.JPEG", "text", "is no image of a kind that is read"],
    ["x.tif", "", "the image is empty (0 bytes)"],
  ])("%s is refused by its name, or passed over and counted", async (file, content, message) => {
    const at = await folder({ "a/1.png": 1, "b/1.png": 2, [`b/${file}`]: content });
    const error = await load(at).catch((reason) => reason);
    expect(error).toMatchObject({ code: "bad-data", exitCode: 2, message: expect.stringContaining(message) });
    expect(error.message.startsWith(`${at}/b/${file}: `)).toBe(true);
    expect(error.hint).toMatch(file === "x.bmp" ? /./ : /--skip-unreadable/);
    const set = await load(at, { skipUnreadable: true });
    expect([values(set.train.images), [...set.train.labels]]).toEqual([
      [1, 2],
      [0, 1],
    ]);
    expect(set.reading?.notes).toEqual([`images that cannot be read are passed over: 1 ("${at}/b/${file}")`]);
  });

  test("a class of which none can be read is refused", async () => {
    const at = await folder({ "a/1.png": 1, "b/1.png": "text" });
    await expect(load(at, { skipUnreadable: true })).rejects.toThrow('class "b" has no training image');
  });

  test("kinds that are not read are named with a command that converts them, or passed over", async (context) => {
    const ppm = "P5 2 2 255 abcd";
    const at = await folder({ "train/a/s/1.png": 1, "train/b/1.png": 2, "train/a/2.pgm": ppm, "val/n.txt": "n" });
    const error = await load(at).catch((reason) => reason);
    expect(error.message).toBe(`${at}/train/a/2.pgm: is PGM, which is not read.`);
    expect((await load(at, { skipUnreadable: true })).reading?.notes).toContain(
      "images of kinds that are not read are passed over: 1",
    );
    if (!(await typed(error.hint))) return context.skip("the hint needs a Python with Pillow, which is not here");
    const set = await load(`${at}-png`);
    expect([set.shape, values(set.train.images)]).toEqual([
      [1, 2, 2],
      [97, 1, 2],
    ]);
    expect(await readdir(join(at, "train", "a"))).toEqual(["2.pgm", "s"]);
  });

  /** Runs the command of a hint; false where Python or what it needs is not there. */
  const typed = async (hint: string): Promise<boolean> => {
    const ready = await promisify(execFile)("python3", ["-c", "import PIL"]).then(
      () => true,
      () => false,
    );
    if (ready) await promisify(execFile)("sh", ["-c", hint.slice(hint.indexOf("python3 -c"))]);
    return ready;
  };
});

test("an Arrow folder of save_to_disk is refused by its name", async () => {
  const at = await folder({
    "dataset_dict.json": "{}",
    "train/data-00000-of-00001.arrow": "x",
    "train/state.json": "{}",
  });
  await expect(load(at)).rejects.toThrow("save_to_disk wrote as Arrow");
});
