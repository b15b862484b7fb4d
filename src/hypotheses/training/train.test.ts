import { expect, test } from "vitest";
import { AttarError, randomKey, size, Tensor } from "../../engine/index.ts";
import { buildNetwork, convnet, mlp } from "../networks/index.ts";
import { accuracy } from "./accuracy.ts";
import { centredOneHot, oneHot } from "./oneHot.ts";
import { fieldRecipe, type Recipe } from "./recipe.ts";
import { train } from "./train.ts";

/** Two classes that a bright half tells apart. */
function halves(count: number, seed: number): { images: Tensor; labels: Int32Array } {
  const shape = [count, 1, 8, 8];
  const data = randomKey(seed).normal(size(shape));
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < count; i++)
    for (let p = 0; p < 64; p++) data[i * 64 + p]! += Number(p % 8 < 4 === (labels[i] === 0));
  return { images: new Tensor(data, shape, "float32"), labels };
}

const network = buildNetwork(mlp({ width: 8 }), [1, 8, 8], 2);
const recipe: Recipe = { ...fieldRecipe, epochs: 20, batch: 16, learningRate: 0.05 };
const set = halves(40, 1);
const heldOut = halves(50, 2);

async function refusal(promise: Promise<unknown>): Promise<AttarError> {
  const error = await promise.then(
    () => undefined,
    (e) => e,
  );
  expect(error).toBeInstanceOf(AttarError);
  return error;
}

test("training learns, is reproducible, and reports one loss a pass", async () => {
  const trained = await train(network, set, recipe, randomKey(3));
  expect(trained.losses).toHaveLength(21);
  expect(trained.losses.at(-1)!).toBeLessThan(0.3 * trained.losses[0]!);
  expect(await accuracy(network, trained, [heldOut])).toBeGreaterThan(0.9);
  const again = await train(network, set, recipe, randomKey(3));
  expect(again.params).toEqual(trained.params);
  const other = await train(network, set, recipe, randomKey(4));
  expect(other.losses[0]).not.toBe(trained.losses[0]);
});

test("batch normalisation trains, and evaluates with its running statistics", async () => {
  const normed = buildNetwork(convnet({ depth: 1, width: 4, normalisation: "batch" }), [1, 8, 8], 2);
  const trained = await train(normed, set, { ...recipe, epochs: 10 }, randomKey(3));
  expect(Object.keys(trained.statistics!)).toEqual(["norm1"]);
  expect(await accuracy(normed, trained, [heldOut])).toBeGreaterThan(0.9);
});

test("soft labels that are one-hot train like hard ones", async () => {
  const short = { ...recipe, epochs: 2 };
  const hard = await train(network, set, short, randomKey(5));
  const soft = await train(network, { ...set, labels: oneHot(set.labels, 2) }, short, randomKey(5));
  expect(soft.losses).toEqual(hard.losses);
});

test("squared error regresses on soft labels as they are, and on hard ones centred", async () => {
  const squared: Recipe = { ...recipe, loss: "squared-error", epochs: 30 };
  const trained = await train(network, set, squared, randomKey(5));
  expect(await accuracy(network, trained, [heldOut])).toBeGreaterThan(0.9);
  const centred = await train(network, { ...set, labels: centredOneHot(set.labels, 2) }, squared, randomKey(5));
  expect(centred.losses).toEqual(trained.losses);
  const frozen: Recipe = { ...squared, epochs: 1, batch: 40, schedule: "constant", learningRate: 1e-30 };
  const zero = new Tensor(new Float32Array(80), [40, 2], "float32");
  const { params } = trained;
  const [loss, norm] = [
    await train(network, { ...set, labels: centredOneHot(set.labels, 2) }, frozen, randomKey(1), { params }),
    await train(network, { ...set, labels: zero }, frozen, randomKey(1), { params }),
  ].map((t) => t.losses[0]!);
  // Outputs near ±½ are near their targets and as far from zero: ½ · 2 · ¼.
  expect(loss).toBeLessThan(0.1);
  expect(norm).toBeGreaterThan(0.15);
  expect(norm).toBeLessThan(0.4);
});

test.each([20, 40])("accuracies are of the network before each update, in batches of %d", async (batch) => {
  const shortest = { ...recipe, batch, epochs: 1, schedule: "constant" as const };
  const learned = (await train(network, set, recipe, randomKey(7))).params;
  const frozen = await train(network, set, { ...shortest, learningRate: 1e-30 }, randomKey(7), { params: learned });
  expect(frozen.accuracies).toEqual([await accuracy(network, { params: learned }, [set])]);
  const whole = await train(network, set, { ...shortest, batch: 40 }, randomKey(7), { params: learned });
  expect(whole.accuracies).toEqual(frozen.accuracies);
});

test("accuracy does not depend on how images are split into batches, and a tie is wrong", async () => {
  const trained = await train(network, set, { ...recipe, epochs: 3 }, randomKey(6));
  const whole = await accuracy(network, trained, [heldOut]);
  const parts = [
    { images: heldOut.images.rows(0, 33), labels: heldOut.labels.slice(0, 33) },
    { images: heldOut.images.rows(33, 50), labels: heldOut.labels.slice(33) },
  ];
  expect(await accuracy(network, trained, parts)).toBe(whole);
  const zero = Object.fromEntries(
    Object.entries(trained.params).map(([layer, tensors]) => [
      layer,
      Object.fromEntries(
        Object.entries(tensors).map(([name, t]) => [
          name,
          new Tensor(new Float32Array(t.data.length), t.shape, "float32"),
        ]),
      ),
    ]),
  );
  expect(await accuracy(network, { params: zero }, [heldOut])).toBe(0);
});

test("augmentation sees every batch with a key of its own", async () => {
  const keys = new Set<number>();
  const augment = (images: Tensor, key: { k0: number }) => {
    keys.add(key.k0);
    return images;
  };
  await train(network, set, { ...recipe, epochs: 2, augmentation: "flip" }, randomKey(1), { augment });
  expect(keys.size).toBe(9);
});

test("wrong input is one clear error", async () => {
  const key = randomKey(0);
  const codes = await Promise.all([
    refusal(train(network, set, { ...recipe, epochs: 0 }, key)),
    refusal(train(network, set, { ...recipe, optimizer: "adm" as "adam" }, key)),
    refusal(train(network, set, { ...recipe, augmentation: "flip" }, key)),
    refusal(train(network, { ...set, labels: Int32Array.of(1) }, recipe, key)),
    refusal(train(network, { ...set, labels: new Int32Array(40).fill(2) }, recipe, key)),
    refusal(train(buildNetwork(mlp(), [3, 8, 8], 2), set, recipe, key)),
    refusal(accuracy(network, { params: {} }, [])),
  ]);
  expect(codes.map((e) => e.code)).toEqual([
    "invalid-recipe",
    "invalid-recipe",
    "invalid-recipe",
    "invalid-training-set",
    "label-out-of-range",
    "invalid-training-set",
    "no-test-images",
  ]);
  expect(codes[1]!.hint).toContain("adam");
});

test("a loss that is no number stops with exit code 3; a signal stops between steps", async () => {
  const error = await refusal(train(network, set, { ...recipe, learningRate: 1e30 }, randomKey(0)));
  expect([error.code, error.exitCode]).toEqual(["diverged", 3]);
  const controller = new AbortController();
  const stopped = train(network, set, recipe, randomKey(0), {
    signal: controller.signal,
    onPass: (pass) => pass === 1 && controller.abort(),
  });
  await expect(stopped).rejects.toThrow("abort");
});
