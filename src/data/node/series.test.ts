import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { condense, resolveConfiguration } from "../../condense/index.ts";
import { evaluate } from "../../evaluate/index.ts";
import { parseNetwork } from "../../hypotheses/index.ts";
import { methodNamed } from "../../methods/index.ts";
import { encodeNpz } from "../formats/npz.ts";
import { load } from "./load.node.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attar-series-"));
  const wave = (i: number, t: number) => Math.sin((i % 2 === 0 ? 1.1 : 0.4) * t + i);
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      [
        ...Array.from({ length: 12 }, (_, t) => wave(from + i, t).toFixed(4)),
        (from + i) % 2 === 0 ? "fast" : "slow",
      ].join(","),
    );
  await writeFile(at("waves_train.csv"), [...rows(0, 40), ""].join("\n"));
  await writeFile(at("waves_test.csv"), [...rows(40, 20), ""].join("\n"));
  const floats = (shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 7),
  });
  const labels = { shape: [6], data: BigInt64Array.from([0, 1, 0, 1, 0, 1], BigInt) };
  await writeFile(at("channels.npz"), encodeNpz({ x: floats([6, 3, 5]), y: labels }));
  await writeFile(at("codes.npz"), encodeNpz({ x: floats([6, 9]), y: labels }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("series over time", () => {
  test("are rows of one channel, or arrays [n, channels, time]", async () => {
    const waves = await load(at("waves_train.csv"), { domain: "series" });
    expect(waves).toMatchObject({
      shape: [1, 12, 1],
      domain: { kind: "series", shape: [1, 12], axes: ["channel", "time"] },
    });
    expect(waves.normalisation.mean).toHaveLength(1);
    const channels = await load(at("channels.npz"), { domain: "series" });
    expect(channels).toMatchObject({ shape: [3, 5, 1], domain: { shape: [3, 5], network: { name: "convnet1d" } } });
    expect(channels.train.images[1 * 15 + 2 * 5 + 4]).toBeCloseTo(29 / 7, 5);
    expect((await load(at("channels.npz"))).domain.kind).toBe("image");
  });

  test("are condensed through a ConvNet over time, and scored by it", async () => {
    const waves = await load(at("waves_train.csv"), { domain: "series" });
    const dm = methodNamed("dm");
    expect(resolveConfiguration(waves, dm, { ipc: 1 })).toMatchObject({
      network: { name: "convnet1d" },
      matching: "none",
    });
    const network = parseNetwork("convnet1d:depth=2,width=8");
    for await (const event of condense(waves, dm, { ipc: 1, steps: 3, realBatch: 8, network })) {
      if (event.event !== "done") continue;
      expect(event.set.shape).toEqual([1, 12, 1]);
      const { results } = await evaluate(event.set, waves, {
        networks: [network],
        repeats: 1,
        epochs: 60,
        baselines: [],
      });
      expect(results[0]!.accuracy!.mean).toBeGreaterThan(0.5);
    }
  });

  test.each([
    [{ domain: "waves" }, /--domain takes series or embedding/],
    [{ domain: "series", table: true }, /--domain excludes --table/],
  ] as const)("%j is refused", async (options, message) => {
    await expect(load(at("waves_train.csv"), options as object)).rejects.toThrow(message);
  });

  test("refuse what is made for images", async () => {
    const waves = await load(at("waves_train.csv"), { domain: "series" });
    const of = (options: object) => () => resolveConfiguration(waves, methodNamed("dm"), { ipc: 1, ...options });
    expect(of({ network: parseNetwork("convnet") })).toThrow(
      /network convnet serves images, and the samples are series, which/,
    );
    expect(of({ augmentation: "siamese" })).toThrow(/made for images, and these are series/);
  });
});

test("embeddings have a linear model, and no picture's network", async () => {
  const codes = await load(at("codes.npz"), { domain: "embedding" });
  expect(codes).toMatchObject({
    shape: [9, 1, 1],
    domain: { kind: "embedding", shape: [9], network: { name: "linear" } },
  });
  expect(resolveConfiguration(codes, methodNamed("kip"), { ipc: 1 })).toMatchObject({ augmentation: "" });
  await expect(load(at("channels.npz"), { domain: "embedding" })).rejects.toThrow(/hold no embeddings/);
});
