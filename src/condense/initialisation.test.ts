import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { type ArtefactStore, inMemory } from "../artefacts/index.ts";
import { type OptionValue, size } from "../engine/index.ts";
import { mlp } from "../hypotheses/index.ts";
import { dm, kmeans, type Method, mtt } from "../methods/index.ts";
import { condense } from "./condense.ts";
import { resolveConfiguration } from "./configuration.ts";
import { estimate } from "./estimate.ts";
import { artefactsOf } from "./trainedNetworks.ts";

const small = await tinyDataset({ side: 4, perClass: 30 });
const network = mlp({ width: 4 });
const isometry = `pca:${size(small.shape)}`;

/** The images that a method starts with, and the artefacts that it opens for them. */
async function started(method: Method, initialisation: string, options: Record<string, OptionValue> = {}) {
  const opened: string[] = [];
  const artefacts: ArtefactStore = {
    open(spec) {
      opened.push(spec.kind.name);
      return inMemory.open(spec);
    },
  };
  const settings = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [`initialisation.${name}`, value]),
  );
  const run = { ipc: 3, initialisation, network, artefacts, settings };
  for await (const event of condense(small, method, { ...run, ...("none" in method.objective ? {} : { steps: 1 }) }))
    if (event.event === "checkpoint") return { images: Array.from(event.state.slots.variables.images!.data), opened };
  throw new Error("no start");
}

const largestGap = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test("centres of codes under an isometry are those of pixels, as mean images and decoded", async () => {
  const pixels = await started(dm, "kmeans-centres");
  expect(pixels.opened).toEqual([]);
  for (const decoded of [false, true]) {
    const codes = await started(dm, "kmeans-centres", { encoder: isometry, decoded });
    expect(codes.opened).toEqual(["encoder"]);
    expect(largestGap(codes.images, pixels.images)).toBeLessThan(1e-4);
  }
});

test("a mean code decoded lies on the line of one component, a mean image of its cluster does not", async () => {
  const [means, decoded] = await Promise.all(
    [false, true].map(async (way) => (await started(dm, "kmeans-centres", { encoder: "pca:1", decoded: way })).images),
  );
  const d = size(small.shape);
  const of = (images: readonly number[], i: number) => images.slice(i * d, (i + 1) * d);
  /** How far the difference of images 1 and 2 is from the direction of that of 0 and 1: 1 − cos². */
  const bent = (images: readonly number[]) => {
    const [u, v] = [1, 2].map((i) => of(images, i).map((x, j) => x - of(images, i - 1)[j]!));
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, j) => sum + x * b[j]!, 0);
    return 1 - dot(u!, v!) ** 2 / (dot(u!, u!) * dot(v!, v!));
  };
  expect(bent(decoded!)).toBeLessThan(1e-5);
  expect(bent(means!)).toBeGreaterThan(1e-3);
});

test("a rule with an encoder starts any method as it starts a coreset", async () => {
  const by = async (encoder: string) => (await started(dm, "kmeans", { encoder })).images;
  expect(await by(isometry)).toEqual(await by("none"));
  expect(await by("pca:1")).not.toEqual(await by("none"));
});

test("a record's own options hold for the initialisation that it declares, and for no other", () => {
  const record: Method = { ...dm, initialisation: { name: "herding", options: { encoder: "pca:2" } } };
  const selection = (given: object) => resolveConfiguration(small, record, { ipc: 1, network, ...given }).selection;
  expect(selection({})).toEqual({ name: "herding", options: { encoder: "pca:2" } });
  expect(selection({ settings: { "initialisation.encoder": "pca:3" } })?.options).toEqual({ encoder: "pca:3" });
  expect(selection({ initialisation: "kcenter" })).toBeUndefined();
  expect(resolveConfiguration(small, dm, { ipc: 1, network }).selection).toBeUndefined();
});

test("made images are a set without an objective as well, and none of them is of T", async () => {
  const { images } = await started(kmeans, "kmeans-centres");
  const chosen = (await started(kmeans, "kmeans")).images;
  expect(images).toHaveLength(chosen.length);
  expect(images.every(Number.isFinite)).toBe(true);
  expect(images).not.toEqual(chosen);
});

test.each([
  ["none", "would decode the centres of codes, and the encoder none has no decoder"],
  ["network:random", "would decode the centres of codes, and the encoder network:random has no decoder"],
])("codes of %s cannot be decoded", (encoder, reason) => {
  const settings = { "initialisation.encoder": encoder, "initialisation.decoded": true };
  expect(() => resolveConfiguration(small, dm, { ipc: 1, initialisation: "kmeans-centres", settings })).toThrow(reason);
});

test("a run that starts by codes and draws experts needs both, and is estimated without either", async () => {
  const settings = { "initialisation.encoder": "pca:2" };
  const options = { ipc: 1, network, steps: 2, initialisation: "herding", settings };
  const { configuration, measuredSeconds } = await estimate(small, mtt, { ...options, measure: true });
  expect((await artefactsOf(small, configuration)).map(({ kind }) => kind.name)).toEqual(["encoder", "experts"]);
  expect(Number.isFinite(measuredSeconds)).toBe(true);
});
