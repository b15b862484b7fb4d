import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cheapRun } from "../../../test/fixtures/cheapRun.ts";
import { tinyDataset } from "../../../test/fixtures/tinyDataset.ts";
import { readCondensed } from "../../data/index.ts";
import { dpDm } from "../../methods/index.ts";
import { checkedClaim } from "../../privacy/index.ts";
import { condense } from "../condense.ts";
import { condenseToFolder, type FolderOptions } from "./runFolder.node.ts";

const data = await tinyDataset();
const { noiseKey: _, ...cheap } = cheapRun(dpDm);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-private-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs in a folder until a step is done, where one is named. */
async function run(name: string, { until, ...more }: FolderOptions & { until?: number } = {}): Promise<void> {
  const abort = new AbortController();
  const options = { ...cheap, ...more, signal: abort.signal };
  for await (const event of condenseToFolder(data, dpDm, join(folder, name), options))
    if (event.event === "step" && event.step === until) abort.abort();
}

const there = (path: string) =>
  stat(join(folder, path)).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
const claimIn = async (name: string) => JSON.parse(await readFile(join(folder, name, "privacy.json"), "utf8"));

test("a private run that was interrupted goes on under its key to the same bytes, spends nothing twice, and loses the key", async () => {
  await expect(run("run", { until: 1 })).rejects.toMatchObject({ exitCode: 4 });
  expect(await there("run/noise.key")).toBe(0o600);
  expect(await there("run/privacy.json")).toBeUndefined();
  const [hex] = (await readFile(join(folder, "run/noise.key"), "utf8")).split(" ");
  await run("run", { resume: true });
  expect(await there("run/noise.key")).toBeUndefined();
  const set = await readCondensed(join(folder, "run/condensed.safetensors"));
  const noiseKey = Uint8Array.from(Buffer.from(hex!, "hex"));
  for await (const event of condense(data, dpDm, { ...cheap, noiseKey }))
    if (event.event === "done") expect(event.set.images).toEqual(set.images);
  const claim = await claimIn("run");
  expect(claim).toMatchObject({ relation: "add-remove", noise: "grid", releases: [{ rate: 21 / 36, steps: 3 }] });
  expect(checkedClaim(claim, "it").recomputed).toBe(claim.epsilon);
  expect(claim.epsilon).toBeLessThanOrEqual(1);
  // What would confirm a guess at T is not published with the set.
  expect(set.datasetChecksum).toBe("withheld");
  // A run that is done is written out again without a key.
  await run("run", { resume: true });
  expect(await there("run/noise.key")).toBeUndefined();
  expect(await claimIn("run")).toEqual(claim);
});

test("without its key, or with another run's, a run that has begun is not continued", async () => {
  await expect(run("lost", { until: 1 })).rejects.toMatchObject({ exitCode: 4 });
  const key = await readFile(join(folder, "lost/noise.key"), "utf8");
  await writeFile(join(folder, "lost/noise.key"), key.replace(/ .*/, ` ${"0".repeat(64)}`));
  await expect(run("lost", { resume: true })).rejects.toMatchObject({ code: "noise-key-changed" });
  await rm(join(folder, "lost/noise.key"));
  await expect(run("lost", { resume: true })).rejects.toMatchObject({ code: "noise-key-missing" });
  await run("lost", { force: true });
  expect((await claimIn("lost")).releases).toMatchObject([{ steps: 3 }]);
});

test("a claim of less than the releases cost is refuted, whatever was changed in it", async () => {
  const claim = await claimIn("lost");
  const [first] = claim.releases;
  for (const forged of [
    { ...claim, epsilon: claim.epsilon / 2 },
    { ...claim, delta: claim.delta / 100 },
    { ...claim, releases: [{ ...first, sigma: first.sigma / 2 }] },
    { ...claim, releases: [{ ...first, steps: 30 }] },
    { ...claim, relation: "replace-one" },
  ])
    expect(() => checkedClaim(forged, "it")).toThrow(/^it claims ε .*, and its releases cost /);
  expect(() => checkedClaim({ ...claim, releases: undefined }, "it")).toThrow("it is no claim of privacy");
});
