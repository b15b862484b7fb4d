import { mkdtempSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leftUnfinished, runInFolder, setIn, temporaryFolder } from "../../../test/fixtures/folderRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import type { Dataset } from "../../data/dataset.ts";
import { makeDataset, type NormalisationKind } from "../../data/makeDataset.ts";
import { AttarError } from "../../engine/index.ts";
import { herding, type Method } from "../../methods/index.ts";
import type { FolderOptions } from "./runFolder.node.ts";

const root = temporaryFolder();
const folder = () => join(mkdtempSync(join(root, "f")), "run");

const tiny = await tinyDataset();
const under = (kind: NormalisationKind): Promise<Dataset> => makeDataset({ ...tiny, scale: 255 }, kind);

async function run(dataset: Dataset, path: string, options: Partial<FolderOptions> = {}, method?: Method) {
  await runInFolder(path, dataset, options, method);
  return setIn(path).toString("base64");
}
const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (e) => e,
  );
  expect(error).toBeInstanceOf(AttarError);
  expect(error).toMatchObject({ code: "other-configuration", exitCode: 2 });
  return error.message;
};

test("a run goes on under the normalisation that it began under, and under no other", async () => {
  const [channel, zca, none] = await Promise.all([under("channel"), under("zca"), under("none")]);
  expect(zca.checksum).toBe(channel.checksum);
  const [path, whole] = [folder(), folder()];
  await leftUnfinished(path, zca);
  expect(await refusal(run(channel, path, { resume: true }))).toMatch(/normalisation "zca: .*" \(now "channel: /);
  expect(await refusal(run(none, path, { resume: true }))).toMatch(/\(now "none: scale 255"\)/);
  const other = { ...channel, normalisation: { ...channel.normalisation, mean: [0.1] } };
  expect(await refusal(run(other, path, { resume: true }))).toMatch(/now "channel: scale 255, mean 0.1, /);
  expect(await run(await under("zca"), path, { resume: true })).toBe(await run(zca, whole));
  // Nor is a finished run written out under another.
  await refusal(run(channel, path, { resume: true }));
  expect(await run(zca, path, { resume: true })).toBe(await run(zca, whole, { force: true }));
});

test("a subset, which has no checkpoint, is held to its record", async () => {
  const path = folder();
  await run(await under("channel"), path, {}, herding);
  expect(await refusal(run(await under("zca"), path, { resume: true }, herding))).toContain("normalisation");
});

test("classes of other names, which the set would take over, are other data", async () => {
  const path = folder();
  await leftUnfinished(path, tiny);
  const renamed = { ...tiny, classes: ["class 0", "class 1", "renamed"] };
  expect(await refusal(run(renamed, path, { resume: true }))).toContain("classes of other names");
});

test("a run whose record has no normalisation is refused by a sentence that says so", async () => {
  const path = folder();
  await run(tiny, path, {}, herding);
  const record = JSON.parse(await readFile(join(path, "run.json"), "utf8"));
  const { normalisation: _n, classes: _c, ...configuration } = record.configuration;
  await writeFile(join(path, "run.json"), JSON.stringify({ ...record, configuration }));
  expect(await refusal(run(tiny, path, { resume: true }, herding))).toMatch(
    /begun by an earlier attar, which did not record normalisation and classes/,
  );
});
