import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/generators/imports.json" with { type: "json" };
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { encodeSafetensors } from "../../data/formats/safetensors.ts";
import {
  compile,
  gradientOf,
  type OptionValues,
  randomKey,
  resolveOptions,
  size,
  type Tensor,
} from "../../engine/index.ts";
import { oneHot, type TracedParams } from "../../hypotheses/index.ts";
import type { TracedCodes } from "../generator.ts";
import { hostedGenerator } from "../hosted.ts";
import { makeGenerator } from "../registry.ts";
import { adaptation } from "./adaptation.ts";
import { families } from "./index.ts";
import { familyNamed, readImported } from "./read.ts";

type Listed = readonly (readonly [
  name: string,
  shape: readonly number[],
  number: number,
  scale: number,
  offset: number,
])[];

const plain = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
/** A data set of pictures 0..1 of a size: what a model makes is only brought from its own range. */
const ground = (height: number, channels = 3) => ({
  name: "golden",
  shape: [channels, height, height] as const,
  kind: "image" as const,
  classes: 2,
  normalisation: { scale: 1, mean: plain.mean.slice(0, channels), std: plain.std.slice(0, channels) },
});

const tensorsOf = (tensors: unknown): Record<string, NumericTensor> =>
  Object.fromEntries(
    (tensors as Listed).map(([name, shape, number, scale, offset]) => [
      name,
      { shape, data: formulaTensor(shape, number, scale, offset).data as Float32Array },
    ]),
  );

const fileOf = (tensors: unknown) => encodeSafetensors(tensorsOf(tensors));

const close = (found: Tensor, expected: readonly number[], digits = 4) => {
  expect(found.data.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found.data[i]).toBeCloseTo(value, digits);
};

interface Case {
  readonly family: string;
  readonly of: {
    readonly tensors: unknown;
    readonly output: readonly number[];
    readonly gradient: readonly number[];
    readonly code?: readonly number[];
  };
  readonly codes: Readonly<Record<string, Tensor>>;
  readonly side: number;
  readonly channels?: number;
  readonly black?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly set?: OptionValues;
  readonly images?: Tensor;
}

const labels = (...of: number[]) => ({ class: oneHot(Int32Array.from(of), Math.max(...of) + 1) });
const taesd = { family: "taesd", codes: { z: formulaTensor([2, 2, 2, 2], 92) }, side: 16, black: 0 };
const stage = {
  family: "sd-vae",
  codes: { z: formulaTensor([2, 2, 4, 4], 94) },
  side: 8,
  config: { norm_num_groups: 2 },
  images: formulaTensor([2, 3, 8, 8], 93),
};
const style = { family: "stylegan2", side: 16, set: { truncation: 0.7 } };

const cases: Readonly<Record<string, Case>> = {
  dcgan: { family: "dcgan", of: golden.dcgan, codes: { z: formulaTensor([2, 3], 90) }, side: 32, channels: 1 },
  taesd: { ...taesd, of: golden.taesd, images: formulaTensor([2, 3, 16, 16], 91, 0.5, 0.5) },
  "taesd as diffusers names it": {
    ...taesd,
    of: golden.taesdDiffusers,
    images: formulaTensor([2, 3, 16, 16], 91, 0.5, 0.5),
  },
  "first stage, within a whole model": { ...stage, of: golden.firstStage },
  "first stage as diffusers names it": { ...stage, of: golden.firstStageDiffusers },
  "first stage with a codebook": { ...stage, of: golden.firstStageCodebook },
  stylegan2: { ...style, of: golden.stylegan2, codes: { z: formulaTensor([2, 3], 95) } },
  "stylegan2 of classes": {
    ...style,
    of: golden.stylegan2Classes,
    codes: { z: formulaTensor([2, 3], 95), ...labels(1, 0) },
  },
  biggan: { family: "biggan", of: golden.biggan, codes: { z: formulaTensor([2, 3], 96), ...labels(2, 0) }, side: 16 },
  "biggan-deep": {
    family: "biggan-deep",
    of: golden.bigganDeep,
    codes: { z: formulaTensor([2, 3], 97), ...labels(3, 1) },
    side: 8,
    set: { truncation: 0.5 },
  },
};

describe.each(Object.entries(cases))(
  "%s",
  (_name, { family, of, codes, side, channels, black = -1, config, set, images }) => {
    const made = async () => {
      const { spec, params } = await readImported(fileOf(of.tensors), "file", family, config, set);
      const generator = makeGenerator(spec, ground(side, channels));
      return { generator, hosted: hostedGenerator(generator, { ...generator.init(randomKey(0)), ...params }) };
    };
    const toOwn = (unit: Tensor) => unit.map((v) => v * (1 - black) + black);

    test("makes of fixed codes what PyTorch makes in float64, from every layer", async () => {
      const { generator, hosted } = await made();
      close(toOwn(await hosted.decode(codes)), of.output);
      for (let layer = 1; layer <= generator.layers; layer++) {
        const deeper = await hosted.advance(codes, layer);
        const parts = generator.parts(layer);
        expect(Object.keys(deeper).sort()).toEqual(Object.keys(parts).sort());
        for (const [part, { shape }] of Object.entries(parts)) expect(deeper[part]!.shape).toEqual([2, ...shape]);
        close(toOwn(await hosted.decode(deeper, layer)), of.output);
      }
      hosted.dispose();
    });

    test.runIf(images)("encodes as PyTorch does", async () => {
      const { hosted } = await made();
      const unit = images!.map((v) => (v - black) / (1 - black));
      close((await hosted.encode(unit, Int32Array.of(0, 1))).z!, of.code!);
      hosted.dispose();
    });

    test("the gradient in a code is PyTorch's", async () => {
      const { generator, hosted } = await made();
      const { z, ...others } = codes;
      const bar = formulaTensor([2, ...generator.output], 200);
      const reads = Object.fromEntries(generator.reads(0).map((layer) => [layer, hosted.params[layer]!]));
      const slopes = compile(
        (at: Traced, p: TracedParams, beside: TracedCodes, w: Traced) => {
          const sum = (own: Traced) => np.sum(generator.decode(p, { ...beside, z: own }, 0).mul(w));
          return gradientOf(sum)(at);
        },
        { name: "gradient of what is decoded" },
      );
      const found = (await slopes(z!, reads, others, bar)).scale(1 - black);
      const largest = Math.max(...of.gradient.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      close(
        found.scale(1 / largest),
        of.gradient.map((g) => g / largest),
        3,
      );
      slopes.dispose();
      hosted.dispose();
    });

    test("samples are of the shapes of its parts and hang on the key alone", async () => {
      const { generator, hosted } = await made();
      const own = Int32Array.of(0, 1, 1);
      const drawn = hosted.sample(own, randomKey(1));
      expect(hosted.sample(own, randomKey(1))).toEqual(drawn);
      expect(hosted.sample(own, randomKey(2)).z).not.toEqual(drawn.z);
      for (const [part, { shape }] of Object.entries(generator.parts(0)))
        expect(drawn[part]!.shape).toEqual([3, ...shape]);
      hosted.dispose();
    });

    test("tensors that are missing, of another shape, or not read are named in one sentence", async () => {
      const tensors = tensorsOf(of.tensors);
      const names = Object.keys(tensors);
      const last = names.findLast((name) => name.endsWith("bias"))!;
      const other = names.find((name) => name.endsWith("bias") && name !== last)!;
      const { [last]: _, ...rest } = tensors;
      const prefix = last.startsWith("first_stage_model.") ? "first_stage_model." : "";
      const odd = {
        ...rest,
        [other]: { shape: [1, 1, 1], data: new Float32Array(1) },
        [`${prefix}stray.weight`]: { shape: [1], data: new Float32Array(1) },
      };
      const short = (name: string) => name.slice(prefix.length);
      await expect(readImported(encodeSafetensors(odd), "weights", family, config, set)).rejects.toMatchObject({
        code: "bad-data",
        message: expect.stringMatching(
          new RegExp(
            `^weights: as ${family} it lacks ${`"${short(last)}"`}.*has "${short(other)}" \\[1,1,1\\], not \\[.*\\].*"stray.weight", which is not read\\.$`,
          ),
        ),
      });
    });
  },
);

test("a file of another family is told by the tensor that it lacks", async () => {
  for (const family of Object.keys(families)) {
    const other = family === "dcgan" ? golden.biggan : golden.dcgan;
    await expect(readImported(fileOf(other.tensors), "f", family)).rejects.toThrow(/has no tensor "/);
  }
  await expect(readImported(fileOf(golden.dcgan.tensors), "f", "dcgam")).rejects.toMatchObject({
    hint: "--family dcgan",
  });
});

test("default sizes have the numbers of weights of the models that they are of", () => {
  const known = { dcgan: 3_576_704, taesd: 2_445_063, "sd-vae": 83_653_863, stylegan2: 24_767_458 };
  const buffers = /running_|noise_const|w_avg|weight_[uv]$|u0$/;
  for (const [name, count] of Object.entries(known)) {
    const { options, foreign } = familyNamed(name);
    const table = foreign.table(resolveOptions(name, options, {}));
    const found = new Map(
      Object.values(table)
        .flatMap((layer) => Object.values(layer))
        .flatMap(({ from }) => from)
        .filter(({ name: own }) => !buffers.test(own))
        .map(({ name: own, shape }) => [own, size(shape)]),
    );
    expect(
      [...found.values()].reduce((sum, own) => sum + own, 0),
      name,
    ).toBe(count);
  }
});

test("pictures become samples as PyTorch resizes them, antialiased", async () => {
  const picture = formulaTensor([1, 3, 8, 8], 98);
  for (const [size, expected] of Object.entries(golden.adapted)) {
    const [height, width] = size.split("x").map(Number) as [number, number];
    const to = { ...ground(8, 1), shape: [1, height, width] as const };
    const own = { shape: [3, 8, 8] as const, black: -1, white: 1 };
    const map = compile(
      (x: Parameters<ReturnType<typeof adaptation>["toSamples"]>[0]) => adaptation(own, to).toSamples(x),
      {
        name: "adaptation",
      },
    );
    close(await map(picture), expected, 5);
    map.dispose();
  }
});

test("whitened samples and rows of a table are refused", () => {
  const options = { channels: "4" };
  expect(() => makeGenerator({ name: "dcgan", options }, { ...ground(8), kind: "table" })).toThrow(/no pictures/);
});
