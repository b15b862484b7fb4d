import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { workplace } from "./attar.ts";

const { path, attar } = workplace();
const rows = Array.from({ length: 24 }, (_, i) => [i, i % 2, ((i * 37) % 24) / 7 + 0.01, i % 3].join(","));
beforeAll(() => {
  for (const name of ["frame.csv", "pair_train.csv", "pair_test.csv"])
    writeFileSync(path(name), `,kind,size,sort\n${rows.join("\n")}\n`);
});

test("data info says what was read and guessed, for a person and for a program", async () => {
  const { stdout } = await attar("data", "info", "frame.csv", "--label", "sort");
  for (const line of [
    /^classes +3: 0, 1, 2$/m,
    /^labels +column 4 \(sort\), as --label says$/m,
    /^rows a class +8$/m,
    /^test +none found$/m,
    /^guessed +the label is column 4/m,
    /column 1 is left out: it numbers the rows, from 0 on \(--drop none keeps it\)$/m,
    /^mean +0\.5, 1\.653$/m,
  ])
    expect(stdout).toMatch(line);
  const { stdout: json } = await attar("data", "info", "frame.csv", "--label", "sort", "--drop", "none", "--json");
  expect(JSON.parse(json)).toMatchObject({ shape: [3, 1, 1], domain: "table", imagesPerClass: [8, 8, 8], scale: 1 });
});

test("pictures with no value above 16 are read as of 16 grey levels, which is said; --scale takes another white", async () => {
  const pixels = Array.from({ length: 8 }, (_, i) => [i % 2, ...Array.from({ length: 16 }, (_, p) => (p * i) % 17)]);
  const header = ["label", ...Array.from({ length: 16 }, (_, p) => `pixel${p}`)].join(",");
  writeFileSync(path("dark.csv"), [header, ...pixels.map((row) => row.join(",")), ""].join("\n"));
  const info = async (...more: string[]) =>
    JSON.parse((await attar("data", "info", "dark.csv", ...more, "--json")).stdout);
  const guessed = await info();
  expect([guessed.shape, guessed.scale]).toEqual([[1, 4, 4], 16]);
  expect(guessed.notes).toContain("no value is above 16, which is taken for white (--scale 255 takes 255)");
  const said = await info("--scale", "255");
  expect([said.scale, said.notes.filter((note: string) => note.includes("white"))]).toEqual([255, []]);
  expect(said.mean[0]).toBeCloseTo((guessed.mean[0] * 16) / 255, 6);
  for (const args of [
    ["digits", "--scale", "255"],
    ["frame.csv", "--label", "sort", "--scale", "255"],
    ["dark.csv", "--scale", "0"],
  ])
    expect((await attar("data", "info", ...args)).code).toBe(2);
});

test("what either column could be is refused; the option goes into the run and into the next command", async () => {
  const refused = await attar("condense", "frame.csv", "--net", "mlp:width=4");
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/--label kind or --label sort/)]);
  const options = ["--label", "sort", "--net", "mlp:width=4", "--ipc", "1", "--steps", "1", "--out", "run"];
  const { code, stdout, stderr } = await attar("condense", "pair_train.csv", ...options);
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^pair_train: the label is column 4 \(sort\), as --label says$/m),
  ]);
  expect(stdout).toMatch(/^next +attar evaluate run --on pair_train\.csv --label sort/m);
  const unsaid = await attar("evaluate", "run");
  expect([unsaid.code, unsaid.stderr]).toEqual([
    2,
    expect.stringMatching(/→ add --on and the path of "pair_train", which .*, and --label sort$/m),
  ]);
  expect(JSON.parse(readFileSync(path("run/run.json"), "utf8")).configuration.reading).toEqual({ label: "sort" });
});
