import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Array as Traced } from "@jax-js/jax";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageDomain } from "../../data/domain.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { encodeNpz } from "../../data/formats/npz.ts";
import { encodeSafetensors } from "../../data/formats/safetensors.ts";
import { compile, randomKey, size, type Tensor, tensor } from "../../engine/index.ts";
import {
  buildNetwork,
  fieldRecipe,
  type Params,
  parseNetwork,
  type Recipe,
  type TracedParams,
  train,
} from "../../hypotheses/index.ts";
import { augmentOnHost, batchDraws, parseAugmentation } from "../../tricks/index.ts";
import { networksOfScript } from "../node/exportPytorch.node.ts";
import { recipeFrom } from "../trainingRecipe.ts";

const interpreter = process.env.ATTAR_PYTHON;
const folder = mkdtempSync(join(tmpdir(), "attar-train-py-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Shape = readonly [number, number, number];

const networks: readonly (readonly [net: string, input: Shape])[] = [
  ["convnet", [1, 28, 28]],
  ["convnet:depth=2,width=8,growth=2,normalisation=none,activation=swish,pooling=max", [3, 8, 8]],
  ["convnet:depth=2,width=8,normalisation=group,activation=leakyrelu", [3, 9, 9]],
  ["convnet:depth=1,width=8,normalisation=layer,activation=softplus,pooling=none", [3, 6, 8]],
  ["convnet1d:width=8,reach=2", [3, 24, 1]],
  ["mlp:width=16", [7, 1, 1]],
  ["linear", [7, 1, 1]],
  ["lenet", [1, 28, 28]],
  ["lenet", [3, 32, 32]],
  ["alexnet", [1, 28, 28]],
  ["vgg11", [3, 32, 32]],
  ["resnet18", [3, 16, 16]],
];

/**
 * Trainings on one batch. Under Adam nothing is normalised: a bias before an instance normalisation has no gradient but rounding,
 * which Adam would scale up to a whole step.
 */
const trainings: readonly { name: string; recipe: Recipe; labels: "hard" | "soft"; net?: string }[] = [
  {
    name: "the field's, with a learned rate",
    recipe: { ...fieldRecipe, epochs: 12, learningRate: 0.03 },
    labels: "hard",
  },
  { name: "soft labels", recipe: { ...fieldRecipe, epochs: 6 }, labels: "soft" },
  {
    name: "regression on labels",
    recipe: {
      ...fieldRecipe,
      epochs: 30,
      optimizer: "adam",
      weightDecay: 0,
      schedule: "warmup-cosine",
      loss: "squared-error",
    },
    labels: "soft",
    net: "convnet:depth=2,width=8,normalisation=none",
  },
  {
    name: "AdamW",
    recipe: { ...fieldRecipe, epochs: 8, optimizer: "adamw", schedule: "cosine" },
    labels: "hard",
    net: "mlp:width=16",
  },
];

const augmentations = [
  ...["color", "crop", "cutout", "flip", "scale", "rotate"],
  "color_crop_cutout_flip_scale_rotate",
  "per-image:crop_scale_rotate",
  "composite:color_crop_flip_scale",
];

/** Draws of a batch, and images of it: means over 300 batches have errors of a few per cent of the deviation. */
const [draws, batch] = [300, 20];

const write = (name: string, tensors: Record<string, NumericTensor>) =>
  writeFileSync(join(folder, `${name}.safetensors`), encodeSafetensors(tensors));

const flat = (prefix: string, params: Params): Record<string, NumericTensor> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([layer, own]) =>
      Object.entries(own).map(([name, { shape, data }]) => [
        `${prefix}.${layer}.${name}`,
        { shape, data: data as Float32Array },
      ]),
    ),
  );

const plain = ({ shape, data }: Tensor): NumericTensor => ({ shape, data: data as Float32Array });
const normal = (key: number, shape: readonly number[]) => tensor(randomKey(key).normal(size(shape)), shape);

/** Weights away from where they start: gains of 1 and offsets of 0 would hide a mistake. */
function moved(params: Params): Params {
  const key = randomKey(5);
  return Object.fromEntries(
    Object.entries(params).map(([layer, own]) => [
      layer,
      Object.fromEntries(
        Object.entries(own).map(([name, { shape, data }]) => {
          const by = key.fold(layer).fold(name).normal(data.length);
          return [
            name,
            tensor(
              Float32Array.from(data, (v, i) => v + 0.05 * by[i]!),
              shape,
            ),
          ];
        }),
      ),
    ]),
  );
}

async function writeLogits(): Promise<void> {
  const cases = networks.map(([net, input]) => ({ net, input, outputs: 4 }));
  writeFileSync(join(folder, "logits.json"), JSON.stringify(cases));
  for (const [i, { net, input, outputs }] of cases.entries()) {
    const network = buildNetwork(parseNetwork(net), input, outputs);
    const params = moved(network.init(randomKey(i)));
    const images = normal(i + 50, [3, ...input]);
    const logits = await compile((p: TracedParams, x: Traced) => network.logits(p, x))(params, images);
    write(`logits-${i}`, { ...flat("weights", params), images: plain(images), logits: plain(logits) });
  }
}

/** The whole set is one batch, so that no order is drawn. */
async function writeTrainings(): Promise<void> {
  const [count, classes, input] = [12, 3, [1, 8, 8] as const];
  const images = normal(1, [count, ...input]);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const soft = tensor(randomKey(2).uniform(count * classes, 0, 1), [count, classes]);
  const cases = [];
  for (const [i, { name, recipe, labels: kind, net = "convnet:depth=2,width=8" }] of trainings.entries()) {
    const spec = parseNetwork(net);
    const network = buildNetwork(spec, input, classes);
    cases.push({
      name,
      recipe: recipeFrom({ network: spec, input, outputs: classes, recipe, augmentation: undefined }),
    });
    const params = network.init(randomKey(9));
    const trained = await train(network, { images, labels: kind === "hard" ? labels : soft }, recipe, randomKey(3), {
      params,
    });
    write(`training-${i}`, {
      ...flat("start", params),
      ...flat("end", trained.params),
      images: plain(images),
      ...(kind === "hard"
        ? { labels: { shape: [count], data: BigInt64Array.from(labels, BigInt) } }
        : { soft_labels: plain(soft) }),
    });
  }
  writeFileSync(join(folder, "trainings.json"), JSON.stringify(cases));
}

/** Means of augmented pixels and of their squares over many draws, and the variances of such means of one batch. */
function writeMoments(): void {
  const shape = [3, 10, 10] as const;
  const image = normal(7, shape);
  const cases = augmentations.map((text) => ({
    name: text,
    augmentation: parseAugmentation(text, { domain: imageDomain(shape) })!,
    draws,
    batch,
  }));
  writeFileSync(join(folder, "moments.json"), JSON.stringify(cases));
  const pixels = size(shape);
  const images = Float32Array.from({ length: batch * pixels }, (_, i) => image.data[i % pixels]!);
  for (const [i, { augmentation }] of cases.entries()) {
    const drawn = batchDraws(augmentation, shape);
    const [sums, squares] = [new Float64Array(2 * pixels), new Float64Array(2 * pixels)];
    for (let d = 0; d < draws; d++) {
      const out = augmentOnHost(images, shape, drawn(randomKey(11).fold(d), batch));
      const own = new Float64Array(2 * pixels);
      out.forEach((v, k) => {
        own[k % pixels]! += v / batch;
        own[pixels + (k % pixels)]! += (v * v) / batch;
      });
      own.forEach((v, k) => {
        sums[k]! += v / draws;
        squares[k]! += (v * v) / draws;
      });
    }
    write(`moments-${i}`, {
      image: plain(image),
      means: { shape: [2, ...shape], data: Float32Array.from(sums) },
      variances: { shape: [2, ...shape], data: Float32Array.from(squares, (s, k) => Math.max(0, s - sums[k]! ** 2)) },
    });
  }
}

/** Six grey images of bytes with their labels, in every form that train.py reads, and as networks see them. */
function writeTests(): void {
  const [count, height, width] = [6, 4, 5];
  const bytes = Uint8Array.from({ length: count * height * width }, (_, i) => (i * 37) % 256);
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 2) % 3);
  const long = { shape: [count], data: BigInt64Array.from(labels, BigInt) };
  write("test", { images: { shape: [count, 1, height, width], data: bytes }, labels: long });
  const arrays = { x_test: { shape: [count, height, width], data: bytes }, y_test: { shape: [count], data: labels } };
  writeFileSync(join(folder, "test.npz"), encodeNpz(arrays));
  mkdirSync(join(folder, "idx"));
  const idx = (sizes: number[], data: Uint8Array) =>
    Uint8Array.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, 0, size]), ...data]);
  writeFileSync(join(folder, "idx/t10k-images-idx3-ubyte"), idx([count, height, width], bytes));
  writeFileSync(join(folder, "idx/t10k-labels-idx1-ubyte.gz"), gzipSync(idx([count], labels)));
  const seen = { shape: [count, 1, height, width], data: Float32Array.from(bytes, (v) => (v / 255 - 0.25) / 0.5) };
  write("test-wanted", { images: seen, labels: long });
}

test("every network of train.py is compared", () =>
  expect([...new Set(networks.map(([net]) => net.split(":")[0]))].sort()).toEqual([...networksOfScript].sort()));

describe.skipIf(!interpreter)(
  `train.py in PyTorch${interpreter ? "" : " (skipped: ATTAR_PYTHON names no Python)"}`,
  () => {
    let found: Record<string, string | number>[] = [];
    beforeAll(async () => {
      writeTests();
      await writeLogits();
      await writeTrainings();
      writeMoments();
      const script = fileURLToPath(new URL("compare.py", import.meta.url));
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
      const out = execFileSync(interpreter!, [script, folder], { encoding: "utf8", env });
      found = out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    }, 600_000);
    const of = (kind: string, name: string) => found.filter((line) => line[kind] === name);

    test.each(["test.safetensors", "test.npz", "idx"])("a test set as %s is seen as networks see it", (name) => {
      expect(of("test set", name)[0]!.difference).toBeLessThan(1e-6);
    });

    test.each(networks)("%s of %o has attar's logits", (net) => {
      const lines = of("logits", net);
      expect(lines.length).toBeGreaterThan(0);
      for (const { difference } of lines) expect(difference).toBeLessThan(2e-5);
    });

    test.each(trainings)("training: $name ends at attar's weights", ({ name }) => {
      expect(of("training", name)[0]!.difference).toBeLessThan(1e-3);
    });

    test.each(augmentations)("augmentation: %s has attar's moments", (name) => {
      expect(of("augmentation", name)[0]!.z).toBeLessThan(6);
    });
  },
);
