import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { lockFolder } from "../data/node/lock.node.ts";
import { mlp } from "../hypotheses/index.ts";
import { type ExpertsOptions, trainExperts } from "./node/experts.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-shared-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "f"));
});

const dataset = await tinyDataset();
const options: ExpertsOptions = { network: mlp({ depth: 1, width: 4 }), count: 1, recipe: { epochs: 2, batch: 8 } };

test("who comes second waits, says so, and trains only what is missing then", async () => {
  const trained: string[] = [];
  const notes: string[] = [];
  const train = (who: string) =>
    trainExperts(dataset, folder, {
      ...options,
      onExpert: ({ index }) => trained.push(`${who} ${index}`),
      onWait: (note) => notes.push(note),
    });
  const [first, second] = await Promise.all([train("first"), train("second")]);
  expect(trained).toEqual(["first 0"]);
  expect(notes).toEqual([`process ${process.pid} is already working on ${folder}; waiting for it`]);
  expect(second).toEqual(first);
  expect(readdirSync(folder)).toEqual(["expert-0000.safetensors"]);
});

test("an abort ends the wait with exit code 4", async () => {
  const unlock = lockFolder(folder);
  const abort = new AbortController();
  const waiting = trainExperts(dataset, folder, { ...options, signal: abort.signal, onWait: () => abort.abort() });
  await expect(waiting).rejects.toMatchObject({ code: "interrupted", exitCode: 4 });
  unlock();
});

test("temporary files of killed trainings are removed, and only those", async () => {
  const own = [".expert-0000.part.safetensors.3.0a1b2c3d.tmp", ".expert-0000.safetensors.3.0a1b2c3d.tmp"];
  for (const name of [...own, ".notes.3.0a1b2c3d.tmp", ".expert.tmp"]) writeFileSync(join(folder, name), "");
  await trainExperts(dataset, folder, options);
  expect(readdirSync(folder).sort()).toEqual([".expert.tmp", ".notes.3.0a1b2c3d.tmp", "expert-0000.safetensors"]);
});

test("a file of another program under an unfinished expert's name is refused and stays", async () => {
  const path = join(folder, "expert-0000.part.safetensors");
  writeFileSync(path, "weights of another program");
  await expect(trainExperts(dataset, folder, options)).rejects.toMatchObject({ code: "foreign-files", exitCode: 2 });
  expect(readFileSync(path, "utf8")).toBe("weights of another program");
});
