import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { folderContent } from "../../../test/fixtures/folderContent.ts";
import {
  leftUnfinished,
  runInFolder,
  setIn,
  smallFolderRun,
  temporaryFolder,
} from "../../../test/fixtures/folderRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import type { Dataset } from "../../data/dataset.ts";
import { tensor } from "../../engine/index.ts";
import { dm } from "../../methods/index.ts";
import { encodeCheckpoint, parseCheckpoint } from "../checkpointContent.ts";
import { resolveConfiguration } from "../configuration.ts";
import type { State } from "../state.ts";
import type { FolderOptions } from "./runFolder.node.ts";

const root = temporaryFolder();
const finished = join(root, "finished");
let data: Dataset;
let run: string;

const condense = (folder: string, options: Partial<FolderOptions> = {}, dataset = data) =>
  runInFolder(folder, dataset, options);
const unfinished = (folder: string) => leftUnfinished(folder, data);

beforeAll(async () => {
  data = await tinyDataset();
  await condense(finished);
});
beforeEach(() => {
  run = mkdtempSync(join(root, "run-"));
});

const put = (path: string, content: string | Uint8Array = "the user's") => {
  mkdirSync(dirname(join(run, path)), { recursive: true });
  writeFileSync(join(run, path), content);
};
const read = (path: string) => readFileSync(join(run, path));
const copy = (from: string) => cpSync(from, run, { recursive: true });

async function refused(options: Partial<FolderOptions>, code: string, about: RegExp): Promise<void> {
  const before = folderContent(root);
  await expect(condense(run, options)).rejects.toMatchObject({
    code,
    exitCode: 2,
    message: expect.stringMatching(about),
    hint: expect.stringMatching(/--out/),
  });
  expect(folderContent(root)).toEqual(before);
}

const flags: [string, Partial<FolderOptions>][] = [
  ["without a flag", {}],
  ["with resume", { resume: true }],
  ["with force", { force: true }],
];

describe("a folder that no run made is refused and stays as it is", () => {
  test.each(
    flags.flatMap(([flag, options]) =>
      [
        ["checkpoint/ckpt.pth", "images/class 0/0.png", "snapshots/db.sql", "thesis.tex"],
        ["checkpoint/state-00000001.safetensors", "events.ndjson", "grid.png"],
        ["condensed.safetensors"],
        ["notes.txt"],
        ["lock"],
      ].map((files) => [flag, files, options] as const),
    ),
  )("%s: %s", async (_, files, options) => {
    for (const file of files) put(file);
    await refused(options, files[0] === "lock" ? "foreign-files" : "not-a-run", /./);
  });

  test.each(
    [
      "null",
      "5",
      "[]",
      "{}",
      '"x"',
      "{",
      '{"configuration":null}',
      '{"configuration":{}}',
      '{"configuration":{"method":"dm","dataset":5,"steps":1,"ipc":1}}',
      '{"name":"my experiment","configuration":{"learningRate":0.1}}',
      '{"__proto__":{"configuration":{"method":"dm","dataset":"d","steps":1,"ipc":1}}}',
      ...["5", "[null]", "{}", '[{"until":3}]'].map(
        (earlier) => `{"configuration":{"method":"dm","dataset":"d","steps":1,"ipc":1},"earlier":${earlier}}`,
      ),
    ].flatMap((record) => flags.map(([flag, options]) => [record, flag, options] as const)),
  )("run.json %s, %s", async (record, _, options) => {
    put("run.json", record);
    put("checkpoint/ckpt.pth");
    await refused(options, "not-a-run", /run\.json is damaged, or not the record of a run/);
  });
});

describe("in a run's folder", () => {
  test("resume and force give the same set, and leave files of the user's that are in nobody's way", async () => {
    copy(finished);
    const others = [
      "notes.txt",
      "checkpoint/ckpt.pth",
      "snapshots/db.sql",
      "snapshots/step-1.png.bak",
      "paper/fig.png",
    ];
    for (const path of others) put(path);
    for (const options of [{ resume: true }, { force: true }]) {
      await condense(run, options);
      expect(setIn(run).equals(setIn(finished))).toBe(true);
      for (const path of others) expect(read(path).toString()).toBe("the user's");
    }
  });

  test("force leaves nothing of the run before", async () => {
    copy(finished);
    await condense(run, { force: true, ipc: 1, steps: 2, snapshotEvery: 9 });
    const names = Object.keys(folderContent(run));
    expect(names.filter((name) => /\/1\.png$|snapshots|0004/.test(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(["images/class 2/0.png", "checkpoint/state-00000002.safetensors"]));
    expect(existsSync(join(run, "snapshots"))).toBe(false);
  });

  const ways = flags.slice(1);
  test.each(
    [
      "images/class 0/0.png",
      "images/class 1/9.png",
      "images/mine/0.png",
      "grid.png",
      "condensed.safetensors",
      "events.ndjson",
    ].flatMap((path) => ways.map(([flag, options]) => [path, flag, options] as const)),
  )("%s of the user's is refused %s", async (path, _, options) => {
    copy(finished);
    put(path);
    await refused(
      options,
      "foreign-files",
      /(not written by attar|is not attar's|has been changed since|did not write)/,
    );
  });

  test("a snapshot and scores of the user's stop force", async () => {
    copy(finished);
    put("snapshots/step-00000007.png");
    await refused({ force: true }, "foreign-files", /step-00000007\.png was not written by attar/);
    rmSync(join(run, "snapshots/step-00000007.png"));
    put("scores.ndjson", '{"player":"me","points":3}\n');
    await refused({ force: true }, "foreign-files", /scores\.ndjson holds lines that attar did not write/);
  });

  test.each(
    [
      "checkpoint",
      "snapshots",
      "images",
      "images/class 1",
      "grid.png",
      "events.ndjson",
      "run.json",
      "condensed.safetensors",
    ].flatMap((path) => ways.map(([flag, options]) => [path, flag, options] as const)),
  )("nothing is written through a link at %s, %s", async (path, _, options) => {
    copy(finished);
    const target = join(root, `target-${path.replace("/", "-")}-${readdirSync(root).length}`);
    renameSync(join(run, path), target);
    symlinkSync(target, join(run, path));
    await refused(options, "foreign-files", /is a link, and attar writes through none/);
  });

  test("a file in the way of a checkpoint is kept beside it", async () => {
    await unfinished(run);
    put("checkpoint/state-00000004.safetensors", "weights of another program");
    await condense(run, { resume: true });
    expect(read("checkpoint/state-00000004.safetensors.damaged").toString()).toBe("weights of another program");
    expect(setIn(run).equals(setIn(finished))).toBe(true);
  });

  test("checkpoints beyond step 99999999 count as the newest", async () => {
    await unfinished(run);
    const older = read("checkpoint/state-00000000.safetensors");
    put("checkpoint/state-100000000.safetensors", older);
    put("checkpoint/state-99999999.safetensors", "damaged");
    const [start] = await condense(run, { resume: true });
    expect(start).toMatchObject({ event: "start", step: 0 });
  });

  test("files in the way at the end: the set is written, and they stay", async () => {
    await unfinished(run);
    const running = condense(run, { resume: true, snapshotEvery: 9 });
    put("images/class 0/0.png");
    await expect(running).rejects.toMatchObject({ code: "foreign-files" });
    expect(read("images/class 0/0.png").toString()).toBe("the user's");
    rmSync(join(run, "images"), { recursive: true });
    await condense(run, { resume: true });
    expect(setIn(run).equals(setIn(finished))).toBe(true);
  });

  test("what killed writes left is removed at the next start, and only that", async () => {
    copy(finished);
    const own = [
      ".run.json.1.0a1b2c3d.tmp",
      "checkpoint/.state-00000002.safetensors.12.0a1b2c3d.tmp",
      "snapshots/.step-00000002.png.3.deadbeef.tmp",
      "images/class 0/.0.png.4711.00ff00ff.tmp",
    ];
    const others = [".thesis.tex.1.0a1b2c3d.tmp", ".run.json.swp", "snapshots/.db.sql.3.deadbeef.tmp", "images/.0.tmp"];
    for (const path of [...own, ...others]) put(path);
    await condense(run, { resume: true });
    const left = Object.keys(folderContent(run));
    expect(own.filter((path) => left.includes(path))).toEqual([]);
    expect(others.filter((path) => left.includes(path))).toEqual(others);
  });

  test("a start cut short before its record is no one's folder but attar's", async () => {
    put(".run.json.12.0a1b2c3d.tmp");
    await condense(run);
    expect(setIn(run).equals(setIn(finished))).toBe(true);
    expect(readdirSync(run).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a class name of 86 Chinese characters, and names that would share a folder", async () => {
    const classes = ["狗".repeat(86), "a/", "a_-1"];
    await condense(run, {}, { ...data, classes });
    const folders = readdirSync(join(run, "images"));
    expect(folders.length).toBe(3);
    expect(folders.map((name) => readdirSync(join(run, "images", name)).length)).toEqual([2, 2, 2]);
  });
});

describe("a run of an earlier version, without a manifest", () => {
  test.each(flags.slice(1))("goes on or starts over %s", async (_, options) => {
    copy(finished);
    rmSync(join(run, ".attar.sha256"));
    await condense(run, options);
    expect(setIn(run).equals(setIn(finished))).toBe(true);
    expect(read(".attar.sha256")).toEqual(readFileSync(join(finished, ".attar.sha256")));
  });

  test.each(flags.slice(1))("unfinished, goes on or starts over %s", async (_, options) => {
    await unfinished(run);
    rmSync(join(run, ".attar.sha256"));
    await condense(run, options);
    expect(setIn(run).equals(setIn(finished))).toBe(true);
  });

  test.each(["images/class 0/0.png", "images/class 0/2.png", "grid.png"])(
    "keeps another picture at %s",
    async (path) => {
      copy(finished);
      rmSync(join(run, ".attar.sha256"));
      put(path, read("images/class 1/1.png"));
      for (const [, options] of flags.slice(1)) await refused(options, "foreign-files", /was not written by attar/);
    },
  );
});

describe("a checkpoint that is whole, and yet no state of this run", () => {
  const changes: [string, (slots: State["slots"]) => Partial<State["slots"]>][] = [
    ["other variables", ({ variables }) => ({ variables: { pictures: Object.values(variables)[0]! } })],
    ["no update", () => ({ update: {} })],
    ["images of another shape", () => ({ variables: { images: tensor(new Float32Array(8), [2, 4]) } })],
    ["no guard", () => ({ guard: {} })],
  ];
  test.each(changes)("%s: one sentence, or the run goes on", async (_, change) => {
    await unfinished(run);
    const path = join(run, "checkpoint", "state-00000002.safetensors");
    const { state } = await parseCheckpoint(readFileSync(path), path);
    const crafted = { ...state, slots: { ...state.slots, ...change(state.slots) } } as State;
    writeFileSync(path, await encodeCheckpoint(resolveConfiguration(data, dm, smallFolderRun), crafted));
    const ended = await condense(run, { resume: true }).then(
      () => undefined,
      (error) => error,
    );
    if (ended === undefined) expect(setIn(run).equals(setIn(finished))).toBe(true);
    else
      expect(ended).toMatchObject({
        name: "AttarError",
        code: "damaged-checkpoint",
        exitCode: 1,
        message: expect.stringMatching(/^the checkpoint of step 2 does not fit this run/),
      });
  });
});

describe("a run goes on", () => {
  test("on another number of threads with a note", async () => {
    await unfinished(run);
    const record = JSON.parse(read("run.json").toString());
    put("run.json", JSON.stringify({ ...record, cores: record.cores + 1 }));
    const notes: string[] = [];
    await condense(run, { resume: true, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([expect.stringMatching(/^the run began on \d+ threads and goes on with \d+: .*bytes/)]);
    await condense(run, { resume: true, onNote: (note) => notes.push(note) });
    expect(notes.length).toBe(1);
  });
});
