import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import golden from "../../golden/generators/imports.json" with { type: "json" };
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { encodeSafetensors, parseSafetensors } from "../data/formats/safetensors.ts";
import { randomKey } from "../engine/index.ts";
import { generatorText, type ImportedGenerator, parseGenerator, readImported } from "../generators/index.ts";
import { condense, dm } from "../index.ts";
import { encodeArtefact } from "./file.ts";
import { generator, importedArtefact, inMemory, openGenerator } from "./index.ts";
import { artefactCache } from "./node/artefactCache.node.ts";
import { importGeneratorToFolder, trainGeneratorToFolder } from "./node/generators.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-imports-"));
afterAll(() => rmSync(root, { recursive: true }));

const dataset = await tinyDataset({ perClass: 12 });
const recipe = { steps: 7, batch: 4, learningRate: 1 };

type Listed = readonly (readonly [
  name: string,
  shape: readonly number[],
  number: number,
  scale: number,
  offset: number,
])[];
const bytesOf = (tensors: unknown) =>
  encodeSafetensors(
    Object.fromEntries(
      (tensors as Listed).map(([name, shape, number, scale, offset]) => [
        name,
        { shape, data: formulaTensor(shape, number, scale, offset).data as Float32Array },
      ]),
    ),
  );

const importedInto = (folder: string, imported: ImportedGenerator) =>
  importGeneratorToFolder(dataset, imported, "weights.safetensors", join(root, folder));
const file = (folder: string) => join(root, folder, "generator-0000.safetensors");

let taesd: ImportedGenerator;
let dcgan: ImportedGenerator;
beforeAll(async () => {
  taesd = await readImported(bytesOf(golden.taesd.tensors), "weights", "taesd");
  dcgan = await readImported(bytesOf(golden.dcgan.tensors), "weights", "dcgan");
  const made = await importedInto("whole", taesd);
  made.dispose();
}, 300_000);

describe("weights trained elsewhere", () => {
  test("are found again by their digest, whatever steps and seed a run asks for, with a prior fitted to T", async () => {
    const store = artefactCache({ folders: () => [join(root, "whole")], offline: true });
    const asked = { spec: parseGenerator(generatorText(taesd.spec)), recipe, seed: 5 };
    const opened = await openGenerator(store, dataset, asked, true);
    expect(opened.quality!.reconstructionError).toBeGreaterThan(0);
    expect(Array.from(opened.params.prior!.mean!.data).some((v) => v !== 0)).toBe(true);
    const drawn = opened.sample(Int32Array.of(0, 1, 2), randomKey(1));
    expect((await opened.decode(drawn)).shape).toEqual([3, ...dataset.shape]);
    opened.dispose();
    expect(parseSafetensors(readFileSync(file("whole")), "f").metadata.origin).toBe("weights.safetensors");
  });

  test("that have not been imported are asked for in one sentence", async () => {
    const asked = { spec: { ...dcgan.spec }, recipe, seed: 0 };
    const absent = {
      code: "absent-generator",
      message: expect.stringMatching(/^the weights of dcgan:.* have not been imported$/),
    };
    await expect(openGenerator(inMemory, dataset, asked)).rejects.toMatchObject(absent);
    await expect(trainGeneratorToFolder(dataset, asked, join(root, "absent"))).rejects.toMatchObject(absent);
  });

  test("of another kind are not written over those that are there", async () => {
    await expect(importedInto("whole", dcgan)).rejects.toMatchObject({ code: "other-generator" });
  });

  test("are what a set is condensed in, and the set moves", async () => {
    const store = {
      open: async () => {
        const made = await inMemory.open(importedArtefact(dataset, dcgan, "weights"));
        return made;
      },
    };
    const images: Float32Array[] = [];
    for (const imageLearningRate of [0, 0.05]) {
      const run = condense(dataset, dm, {
        ipc: 1,
        steps: 3,
        imageLearningRate,
        initialisation: "noise",
        artefacts: store,
        settings: {
          synthetic: "latent",
          "synthetic.generator": generatorText(dcgan.spec),
          "synthetic.fidelity": 0,
          "update.rule": "adam",
        },
      });
      for await (const event of run) {
        if (event.event === "checkpoint") expect(Object.keys(event.state.slots.variables)).toContain("z");
        if (event.event === "done") images.push(event.set.images);
      }
    }
    const [still, moved] = images as [Float32Array, Float32Array];
    expect(moved).toHaveLength(still.length);
    expect(moved.some((v, i) => Math.abs(v - still[i]!) > 1e-4)).toBe(true);
  }, 300_000);
});

describe("a file that is not as it was written is refused in one sentence", () => {
  const opened = async (folder: string, bytes: Uint8Array) => {
    mkdirSync(join(root, folder));
    writeFileSync(file(folder), bytes);
    const store = artefactCache({ folders: () => [join(root, folder)], offline: true });
    return openGenerator(store, dataset, { spec: taesd.spec, recipe, seed: 0 });
  };
  const whole = () => new Uint8Array(readFileSync(file("whole")));
  const sentence = (what: RegExp) => ({ code: "damaged-generator", message: expect.stringMatching(what) });

  test("cut short", async () => {
    const bytes = whole();
    await expect(opened("short", bytes.subarray(0, bytes.length - 40))).rejects.toMatchObject(
      sentence(/is damaged: tensor ".*" lies at bytes .* \(cut short\?\); it is now .*\.damaged$/),
    );
  }, 300_000);

  test("with an altered byte", async () => {
    const bytes = whole();
    await expect(opened("altered", bytes.with(bytes.length - 5, bytes.at(-5)! ^ 1))).rejects.toMatchObject(
      sentence(/is no generator, or its content has changed since it was written; it is now .*\.damaged$/),
    );
  }, 300_000);

  test("with a tensor of another shape, or without one, under a hash of its own", async () => {
    const { tensors, metadata } = parseSafetensors(whole(), "whole");
    const { configuration, index: _index, format: _format, sha256: _hash, ...notes } = metadata;
    const written = (own: typeof tensors) =>
      encodeArtefact(generator, {
        identity: JSON.parse(configuration!),
        index: 0,
        notes,
        tensors: Object.fromEntries(own),
      });
    const name = [...tensors.keys()].find((one) => one.endsWith("bias"))!;
    const other = new Map(tensors).set(name, { shape: [1, 1], data: new Float32Array(1) });
    await expect(opened("shape", await written(other))).rejects.toMatchObject(
      sentence(new RegExp(`is damaged: its tensor "${name}" is not float32`)),
    );
    const less = new Map([...tensors].filter(([own]) => own !== name));
    await expect(opened("missing", await written(less))).rejects.toMatchObject(
      sentence(new RegExp(`is damaged: has no tensor "${name}"`)),
    );
  }, 300_000);

  test("of another kind of artefact", async () => {
    const { tensors, metadata } = parseSafetensors(whole(), "whole");
    const { configuration, index: _index, format: _format, sha256: _hash, ...notes } = metadata;
    const identity = JSON.parse(configuration!);
    const all = Object.fromEntries(tensors);
    const expert = await encodeArtefact({ format: "attar-experts-1" }, { identity, index: 0, notes, tensors: all });
    const folder = "kind";
    await expect(opened(folder, expert)).rejects.toThrow(/is not on this machine/);
    await expect(
      trainGeneratorToFolder(dataset, { spec: taesd.spec, recipe, seed: 0 }, join(root, folder)),
    ).rejects.toMatchObject({
      code: "absent-generator",
    });
  }, 300_000);
});
