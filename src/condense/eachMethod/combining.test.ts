import { beforeAll, describe, expect, test } from "vitest";
import { ofGenerator, ofSource } from "../../../test/fixtures/cheapRun.ts";
import { loadDigits } from "../../data/digits.ts";
import type { Dataset } from "../../data/index.ts";
import { onnxruntimeNode } from "../../engine/executors/onnxruntime.node.ts";
import { type AttarError, type OptionValue, openRuntime, size, useRuntime } from "../../engine/index.ts";
import { convnet } from "../../hypotheses/index.ts";
import { isMatch, type MatchMethod, methods } from "../../methods/index.ts";
import { trickNamed, tricks } from "../../tricks/index.ts";
import { condense } from "../condense.ts";
import { recipeFor } from "../recipe.ts";

// One thread: programs so small are loaded for longer than they run, and each thread loads its own.
beforeAll(() => useRuntime(openRuntime({ executor: onnxruntimeNode({ threads: 1 }) })));

const [classes, perClass] = [4, 12];

/** The first images of each of the first classes of the digits, so few that a real batch holds them all. */
async function fewDigits(): Promise<Dataset> {
  const digits = await loadDigits();
  const { images, labels } = digits.train;
  const seen = new Uint32Array(digits.classes.length);
  const rows = Array.from(labels.keys()).filter((i) => labels[i]! < classes && seen[labels[i]!]!++ < perClass);
  const pixels = size(digits.shape);
  const chosen = new Uint8Array(rows.length * pixels);
  rows.forEach((row, i) => {
    chosen.set(images.subarray(row * pixels, (row + 1) * pixels) as Uint8Array, i * pixels);
  });
  const train = { images: chosen, labels: Int32Array.from(rows, (i) => labels[i]!) };
  const test = { images: new Uint8Array(0), labels: new Int32Array(0) };
  return { ...digits, classes: digits.classes.slice(0, classes), train, test };
}

let data: Dataset | undefined;

/** Options under which a source gives one network that stays as it is. */
const still = {
  every: 100,
  networks: 1,
  start: 1,
  trained: 0,
  students: 1,
  latest: 1,
  images: 20,
  epochs: 1,
  expertEpochs: 2,
  learningRate: 1e-12,
  augmented: false,
};

/** Options under which a private run reads all of T, with next to no noise. */
const quiet = { "privacy.sigma": 1e-5, "privacy.sampling": "all" };

/** True of a method that keeps images of S near to real ones, which they start from. */
const paired = ({ tricks: own }: MatchMethod) => own.some(({ name }) => name === "pair");

/** A run whose objective does not change from step to step: all real images, one network, no augmentation, small steps. */
async function losses(method: MatchMethod, own: Record<string, OptionValue>): Promise<number[]> {
  const found: number[] = [];
  data ??= await fewDigits();
  for await (const event of condense(data, method, {
    ipc: 2,
    steps: Object.hasOwn(own, "tricks.partition") ? 5 : 3,
    realBatch: perClass,
    augmentation: "none",
    initialisation: paired(method) ? "random" : "noise",
    network: convnet({ depth: 2, width: 4, activation: "swish" }),
    imageLearningRate: recipeFor(method, "laptop", data, 2).set.imageLearningRate / 20,
    settings: {
      ...ofGenerator(method),
      ...ofSource(method, still),

      ...(method.privacy && quiet),
      ...own,
    },
  }))
    if (event.event === "step") found.push(event.loss);
  return found;
}

const combinations: readonly [string, Record<string, OptionValue>][] = [
  ["no trick", {}],
  ["multi-formation", { "synthetic.factor": 2 }],
  // Half of the classes, so that the first and the last step visit the same ones.
  ...Object.keys(tricks).map((name): [string, Record<string, OptionValue>] => [
    name,
    {
      [`tricks.${name}`]: name === "partition" ? classes / 2 : true,
      // A radius that grows would raise the loss from step to step.
      ...(name === "adversarial" && { "tricks.adversarial.ramp": 0 }),
    },
  ]),
];

const matching = methods.filter(isMatch);

/** The methods that a trick does not go with, and why; with all others it runs. */
const refusals: Readonly<Record<string, { readonly with: readonly string[]; readonly reason: string }>> = {
  "subspace-projection": {
    with: matching.map(({ name }) => name).filter((name) => name !== "esp"),
    reason: "its hypotheses come with no subspace",
  },
  unlikeness: {
    with: matching.map(({ name }) => name),
    reason: "it compares two hallucinations of a base",
  },
  denoising: {
    with: matching.map(({ name }) => name).filter((name) => name !== "minimax"),
    reason: "that the trick denoising could train",
  },
  pair: {
    with: matching.filter((method) => !paired(method)).map(({ name }) => name),
    reason: "not every image of S starts from a real one of its own",
  },
  precompression: { with: ["dream", "dream-plus"], reason: "the tricks kmeans and precompression cannot both be used" },
};

/** The tricks that read T otherwise than in sums, which a private method refuses. */
const unreadable = ["critic", "representative", "discrimination", "loss-curvature", "kmeans", "precompression"];

/** Tells whether a network that learns while S moves is part of the objective, which then changes from step to step. */
const isOpposed = (method: MatchMethod, trick: string) =>
  [trick, ...method.tricks.map(({ name }) => name)].some(
    (name) => Object.hasOwn(tricks, name) && trickNamed(name).kind === "opponent",
  );

/** Every pair is tried under ATTAR_PAIRS=all; else each trick with every sixth method, and each method with every sixth trick. */
const tried = (method: number) =>
  combinations.filter((_, trick) => process.env.ATTAR_PAIRS === "all" || trick === 0 || (method + trick) % 6 === 0);

describe.each(matching.map((method, i) => [method.name, method, i] as const))("%s", (_, method, i) => {
  test.each(tried(i))(
    "with %s, on digits, the loss is finite and falls, or the reason is the one listed",
    async (trick, own) => {
      if (
        method.hypotheses.name === "none" &&
        Object.hasOwn(tricks, trick) &&
        !["kmeans", "critic", "denoising"].includes(trick)
      ) {
        // A trick looks through the method's network, or wants other classes of the only release there is.
        await expect(losses(method, own)).rejects.toMatchObject({ code: "bad-combination", exitCode: 2 });
        return;
      }
      if (method.privacy && unreadable.includes(trick)) {
        await expect(losses(method, own)).rejects.toMatchObject({ code: "not-private", exitCode: 2 });
        return;
      }
      if (trick === "multi-formation" && method.synthetic.name === "latent") {
        await expect(losses(method, own)).rejects.toMatchObject({ code: "unknown-option", exitCode: 2 });
        return;
      }
      const refused = refusals[trick];
      if (refused?.with.includes(method.name)) {
        const error: unknown = await losses(method, own).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "bad-combination", exitCode: 2 });
        expect((error as AttarError).message).toContain(refused.reason);
        return;
      }
      const found = await losses(method, own);
      expect(found.every(Number.isFinite)).toBe(true);
      if (!isOpposed(method, trick)) expect(found.at(-1)!).toBeLessThan(found[0]!);
    },
  );
});
