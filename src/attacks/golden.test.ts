import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { plainNet } from "../../golden/attacks/plainNet.ts";
import { formulaTensor } from "../../golden/hypotheses/formula.ts";
import { type OptionValues, randomKey, resolveOptions } from "../engine/index.ts";
import { apgd } from "./apgd.ts";
import type { Attack } from "./attack.ts";
import type { Ball } from "./ball.ts";
import { distance } from "./ball.ts";
import { bim } from "./bim.ts";
import { classesByLogit, rightOnes } from "./classified.ts";
import { cwNearest } from "./cw.ts";
import { deepfool } from "./deepfool.ts";
import { fabTowards } from "./fab.ts";
import { fgsm } from "./fgsm.ts";
import { pgd } from "./pgd.ts";
import { chosenPoints, type Points } from "./points.ts";
import { squareSearch } from "./square.ts";
import type { SquareDraws } from "./squareDraws.ts";
import type { AttackLoss, Victim } from "./victim.ts";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../golden/attacks/${name}.json`, import.meta.url), "utf8"));

const signal = undefined;
const linf = (radius: number): Ball => ({ norm: "linf", radius });
const l2 = (radius: number): Ball => ({ norm: "l2", radius });

/** The relative gap of two lists of numbers, as far apart as their worst entry; a number that is missing is Infinity in both. */
function gap(found: ArrayLike<number>, golden: readonly (number | null)[]): number {
  expect(found.length).toBe(golden.length);
  return golden.reduce((most: number, wanted, i) => {
    const own = found[i]!;
    if (wanted === null) return own === Number.POSITIVE_INFINITY ? most : Number.POSITIVE_INFINITY;
    return Math.max(most, Math.abs(own - wanted) / Math.max(1e-3, Math.abs(wanted)));
  }, 0);
}

const attacked = (attack: Attack, victim: Victim, points: Points, ball: Ball, options: OptionValues = {}) =>
  attack.run(victim, points, ball, resolveOptions("", attack.options, options), { key: randomKey(0), signal });

describe("against the libraries of the field, in float64", () => {
  const golden = read("small");
  const shapes = [
    [8, 9],
    [8, 8],
    [5, 8],
  ] as const;
  const victim = plainNet(
    shapes.map(([outputs, inputs], k) => {
      const scale = 2 / Math.sqrt(inputs);
      return {
        weight: formulaTensor([outputs, inputs], 4 + 2 * k, scale).data,
        bias: formulaTensor([outputs], 5 + 2 * k, 0.2 * scale).data,
      };
    }),
    [1, 3, 3],
  );
  const points: Points = {
    images: Float64Array.from(formulaTensor([8, 1, 3, 3], 90, 0.45, 0.5).data),
    labels: Int32Array.from(golden.labels),
    ids: [0, 1, 2, 3, 4, 5, 6, 7],
  };
  const lossAt = async (loss: AttackLoss, images: Float64Array, targets?: Int32Array) =>
    (await victim.slope(loss, images, points.labels, targets)).loss;
  const second = async () => {
    const logits = await victim.logits(points.images);
    return Int32Array.from(points.labels, (_, i) => classesByLogit(logits, i, 5)[1]!);
  };

  test("losses at the images", async () => {
    expect(gap(await lossAt("cross-entropy", points.images), golden.clean)).toBeLessThan(1e-8);
    expect(gap(await lossAt("dlr", points.images), golden.dlr)).toBeLessThan(1e-7);
    expect(gap(await lossAt("targeted-dlr", points.images, await second()), golden.targeted)).toBeLessThan(1e-7);
  });

  test.each([
    ["fgsm", fgsm, linf(0.1), {}],
    ["pgd", pgd, linf(0.1), { steps: 10, start: "image" }],
    ["pgd", bim, linf(0.1), { steps: 10, step: 0.25 }],
    ["pgdL2", pgd, l2(0.3), { steps: 10, step: 0.25, start: "image" }],
  ] as const)("%s: the cross-entropy afterwards", async (name, attack, ball, options) => {
    const found = await attacked(attack, victim, points, ball, options);
    expect(gap(await lossAt("cross-entropy", found), golden[name])).toBeLessThan(1e-8);
  });

  test.each([
    ["apgdCe", "cross-entropy", linf(0.05)],
    ["apgdDlr", "dlr", linf(0.05)],
    ["apgdTargetedL2", "targeted-dlr", l2(0.15)],
  ] as const)("%s: the largest loss, and what is still right", async (name, loss, ball) => {
    const targets = await second();
    const found = await apgd(victim, points, ball, points.images, { steps: 20, loss, targets, untilFooled: false });
    expect(gap(found.loss, golden[name].loss)).toBeLessThan(1e-7);
    expect([...found.fooled].map((fooled) => 1 - fooled)).toEqual(golden[name].right);
    const ended = await apgd(victim, points, ball, points.images, { steps: 20, loss, targets, untilFooled: true });
    expect(ended.fooled).toEqual(found.fooled);
  });

  test("distances of DeepFool, FAB and CW", async () => {
    const far = await attacked(deepfool, victim, points, l2(1));
    const lengths = Float64Array.from(points.labels, (_, i) => distance("l2", far, points.images, i * 9, 9));
    expect(gap(lengths, golden.deepfool)).toBeLessThan(1e-7);
    for (const [norm, name] of [
      ["linf", "fabLinf"],
      ["l2", "fabL2"],
    ] as const) {
      const { distances } = await fabTowards(victim, points, norm, { steps: 20, targets: await second(), enough: 0 });
      expect(gap(distances, golden[name]), name).toBeLessThan(1e-6);
    }
    const { distances } = await cwNearest(victim, points, {
      steps: 100,
      searches: 1,
      c: 10,
      rate: 0.01,
      confidence: 0,
    });
    expect(gap(distances, golden.cw)).toBeLessThan(1e-7);
  });
});

describe("500 digits, a network trained in PyTorch, point by point from equal starts", () => {
  const golden = read("digits");
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));
  const weights = new Float32Array(bytes(golden.weights).buffer);
  let at = 0;
  const take = (n: number) => {
    at += n;
    return weights.subarray(at - n, at);
  };
  const sizes: readonly number[] = golden.sizes;
  const victim = plainNet(
    sizes.slice(1).map((outputs, k) => ({ weight: take(outputs * sizes[k]!), bias: take(outputs) })),
    [1, 8, 8],
  );
  const all: Points = {
    images: Float64Array.from(bytes(golden.images), (v) => v / 16),
    labels: Int32Array.from(golden.labels),
    ids: golden.labels.map((_: number, i: number) => i),
  };
  const right = async () => {
    const own = rightOnes(await victim.logits(all.images), all.labels, 10);
    expect(own.length).toBe(golden.right);
    return chosenPoints(all, own);
  };

  test.each([
    ["apgdCe", "cross-entropy", linf(0.1)],
    ["apgdDlrL2", "dlr", l2(0.5)],
  ] as const)("%s: the largest loss, and what is still right", async (name, loss, ball) => {
    const points = await right();
    const found = await apgd(victim, points, ball, points.images, { steps: 30, loss, untilFooled: false });
    expect([...found.fooled].map((fooled) => 1 - fooled).join("")).toBe(golden[name].right);
    // Beyond the boundary the ratio of logits is of small differences, and rounding has its way.
    const gaps = [...found.loss].map((own, i) => gap([own], [golden[name].loss[i]]));
    expect(Math.max(...gaps.filter((_, i) => loss !== "dlr" || !found.fooled[i]))).toBeLessThan(1e-3);
  });

  test.each([
    ["linf", "fabLinf"],
    ["l2", "fabL2"],
  ] as const)("FAB in %s: the distance", async (norm, name) => {
    const points = await right();
    const logits = await victim.logits(points.images);
    const targets = Int32Array.from(points.labels, (_, i) => classesByLogit(logits, i, 10)[1]!);
    const { distances } = await fabTowards(victim, points, norm, { steps: 10, targets, enough: 0 });
    expect(gap(distances, golden[name])).toBeLessThan(1e-3);
  });

  test.each([
    ["squareLinf", linf(0.15)],
    ["squareL2", l2(1)],
  ] as const)("%s: the margin after 60 queries of the same draws", async (name, ball) => {
    const points = chosenPoints(await right(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const found = await squareSearch(victim, points, ball, { queries: 60, share: 0.8 }, replayed(golden[name].draws));
    const { loss } = await victim.slope("margin", found, points.labels);
    expect(
      gap(
        loss.map((v) => -v),
        golden[name].margin,
      ),
    ).toBeLessThan(1e-7);
  });
});

/** The draws that the reference made, in its order: signs of a part image by image, places query by query. */
function replayed(record: readonly (readonly [kind: string, value: number | boolean | number[]])[]): SquareDraws {
  const of = (kind: string) => record.filter(([own]) => own === kind).map(([, value]) => value);
  const [signs, below, turned] = [of("signs") as number[][], of("below") as number[], of("turned") as boolean[]];
  const taken = signs.map(() => 0);
  const places = turned.length > 0 ? 4 : 2;
  return {
    signs({ part }, count) {
      const from = taken[part]!;
      taken[part] = from + count;
      return signs[part]!.slice(from, from + count);
    },
    below: (query, which) => below[query * places + which]!,
    turned: (which) => turned[which]!,
  };
}
