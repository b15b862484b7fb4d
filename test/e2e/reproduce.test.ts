import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { familyOf } from "../../bench/reproduce/families.ts";
import { resultIn } from "../../bench/reproduce/result.ts";
import { runCell } from "../../bench/reproduce/runCell.ts";

const home = process.cwd();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-reproduce-"));
  await symlink(resolve("dist"), join(folder, "dist"));
  await mkdir(join(folder, "studies"));
  process.chdir(folder);
});

afterEach(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

const net = "convnet:depth=1,width=4";
const study = {
  name: "tiny",
  methods: [{ name: "dm", as: "dm-short", set: { steps: 2, net, realBatch: 8 } }, "random"],
  datasets: ["digits"],
  ipc: [1],
  networks: [net],
  protocols: [
    { epochs: 2, repeats: 2, redraw: true },
    { name: "three", epochs: 2, repeats: 3, for: { methods: ["dm-short"] } },
  ],
  objectives: ["accuracy", "bytes"],
};

test("a cell is run by attar benchmark run and kept as rows; scored otherwise, its set is not made again", async () => {
  await writeFile("studies/tiny.json", JSON.stringify(study));
  const family = await familyOf("tiny", pathToFileURL(`${folder}/`));
  const [short, three, random] = family.cells;
  const first = await runCell(family, short!);
  const result = resultIn(first, short!)!;
  expect(result).toMatchObject({ sets: 1, networks: 2, images: 10, net, condense: short!.condense });
  expect(result.commands).toEqual([
    `attar condense digits --method dm --ipc 1 --seed 0 --net ${net} --steps 2 --set realBatch=8 --out runs/dm-short-digits-ipc1-seed0`,
    `attar evaluate runs/dm-short-digits-ipc1-seed0 --on digits --nets ${net} --repeats 2 --seed 0 --baselines none --epochs 2`,
  ]);
  expect(result.storedBytes).toBe(10 * 64 * 4 + 10 * 8);
  const otherwise = await runCell(family, three!);
  expect(otherwise.find(({ metric }) => metric === "bytes")).toEqual(first.find(({ metric }) => metric === "bytes"));
  expect(resultIn(otherwise, three!)!.accuracy.runs.slice(0, 2)).toEqual(result.accuracy.runs);
  const subset = resultIn(await runCell(family, random!), random!)!;
  expect(subset).toMatchObject({ sets: 2, networks: 2, images: 10, seconds: 0 });
  expect(subset.commands).toHaveLength(1);
});

test("a cell without a result is named, with the reason", async () => {
  const lost = { ...study, exclude: [{ methods: ["random"], reason: "not wanted" }] };
  await writeFile("studies/tiny.json", JSON.stringify(study));
  const family = await familyOf("tiny", pathToFileURL(`${folder}/`));
  await writeFile("studies/tiny.json", JSON.stringify(lost));
  await expect(runCell(family, family.cells.at(-1)!)).rejects.toMatchObject({
    ...{ code: "reproduction-failed", exitCode: 1 },
    message: expect.stringMatching(/^random\/digits\/ipc1\/seed0.*not wanted$/),
  });
});
