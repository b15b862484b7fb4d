import { describe, expect, test } from "vitest";
import { type Layer, plainNet } from "../../golden/attacks/plainNet.ts";
import { formulaParams, formulaTensor } from "../../golden/hypotheses/formula.ts";
import { type OptionValues, randomKey, resolveOptions, size } from "../engine/index.ts";
import { buildNetwork, resolveNetwork } from "../hypotheses/index.ts";
import type { Attack } from "./attack.ts";
import { type Ball, distance, type Norm, project } from "./ball.ts";
import { rightOnes } from "./classified.ts";
import { cwNearest } from "./cw.ts";
import { deepfool } from "./deepfool.ts";
import { fabTowards } from "./fab.ts";
import { fgsm } from "./fgsm.ts";
import { towards } from "./hyperplane.ts";
import { networkVictim } from "./networkVictim.ts";
import { chosenPoints, type Points } from "./points.ts";
import { attackNamed, attacks } from "./registry.ts";
import type { AttackLoss, Victim } from "./victim.ts";
import { allowed, withstand } from "./withstand.ts";

const images = Float64Array.from(formulaTensor([8, 1, 3, 3], 90, 0.45, 0.5).data);
const ids = [0, 1, 2, 3, 4, 5, 6, 7];
const layer = (outputs: number, inputs: number, t: number, scale: number, bias: number): Layer => ({
  weight: formulaTensor([outputs, inputs], t, scale).data,
  bias: formulaTensor([outputs], t + 1, bias).data,
});
const linear = [layer(4, 9, 7, 1, 0.3)];
const classifier = plainNet([layer(8, 9, 4, 0.7, 0.1), layer(5, 8, 8, 0.7, 0.1)], [1, 3, 3]);

/** The images with the labels that a classifier gives them. */
async function labelled(victim: Victim): Promise<Points> {
  const logits = await victim.logits(images);
  const labels = Int32Array.from(ids, (i) => {
    const own = [...logits.subarray(i * victim.classes, (i + 1) * victim.classes)];
    return own.indexOf(Math.max(...own));
  });
  return { images, labels, ids };
}

const run = (attack: Attack, victim: Victim, points: Points, ball: Ball, options: OptionValues = {}) =>
  attack.run(victim, points, ball, resolveOptions("", attack.options, options), { key: randomKey(3) });

/** What an attack is given here, so that the tests are quick. */
const brief: Readonly<Record<string, OptionValues>> = { square: { queries: 200 }, cw: { steps: 60 } };

describe("closed forms of a linear classifier", () => {
  const victim = plainNet(linear, [1, 3, 3]);
  const { weight, bias } = linear[0]!;
  /** The least ‖δ‖ that makes a class of others the largest: differences of logits over dual norms of differences of weights. */
  const least = (points: Points, norm: Norm, i: number) => {
    const x = points.images.subarray(9 * i, 9 * i + 9);
    const y = points.labels[i]!;
    const found = [0, 1, 2, 3]
      .filter((k) => k !== y)
      .map((k) => {
        const w = Array.from({ length: 9 }, (_, j) => weight[9 * k + j]! - weight[9 * y + j]!);
        const gap = w.reduce((sum, v, j) => sum + v * x[j]!, bias[k]! - bias[y]!);
        const dual = norm === "l2" ? Math.hypot(...w) : w.reduce((sum, v) => sum + Math.abs(v), 0);
        return { k, far: Math.abs(gap) / dual };
      });
    return found.reduce((a, b) => (b.far < a.far ? b : a));
  };

  test("the least distances are those of the sheet of golden values", async () => {
    const points = await labelled(victim);
    expect([...points.labels]).toEqual([1, 0, 0, 2, 0, 0, 0, 0]);
    const l2 = [0.2288315, 0.2410231, 0.6042342, 0.1859555, 0.3811919, 0.1973118, 0.300816, 0.2716208];
    const linf = [0.09020789, 0.09069521, 0.2273689, 0.06997368, 0.1525718, 0.07424698, 0.1131948, 0.1022089];
    for (const i of ids) {
      expect(least(points, "l2", i).far).toBeCloseTo(l2[i]!, 6);
      expect(least(points, "linf", i).far).toBeCloseTo(linf[i]!, 6);
    }
  });

  test("DeepFool is 2 % beyond in one step, FAB within 1 %", async () => {
    const points = await labelled(victim);
    const far = await run(deepfool, victim, points, { norm: "l2", radius: 1 });
    const nearest = (norm: Norm) => Int32Array.from(ids, (i) => least(points, norm, i).k);
    const fab = async (norm: Norm) =>
      fabTowards(victim, points, norm, { steps: 60, targets: nearest(norm), enough: 0 });
    const [l2, linf] = [await fab("l2"), await fab("linf")];
    // Images whose nearest boundary lies inside of black and white.
    const inside = ids.filter((i) => far.subarray(9 * i, 9 * i + 9).every((v) => v > 0 && v < 1));
    expect(inside.length).toBeGreaterThan(3);
    for (const i of inside) {
      const wanted = least(points, "l2", i).far;
      expect(distance("l2", far, images, 9 * i, 9) / wanted).toBeCloseTo(1.02, 6);
      expect(Math.abs(l2.distances[i]! / wanted - 1)).toBeLessThan(0.01);
      const ofLinf = least(points, "linf", i).far;
      if (images.subarray(9 * i, 9 * i + 9).every((v) => v > ofLinf && v < 1 - ofLinf))
        expect(Math.abs(linf.distances[i]! / ofLinf - 1)).toBeLessThan(0.01);
    }
  });

  test("with two classes FGSM's margin falls by ε‖w_y − w_k‖₁, and CW is within 1 %", async () => {
    const two = [layer(2, 9, 7, 1, 0.3)];
    const binary = plainNet(two, [1, 3, 3]);
    const points = await labelled(binary);
    const radius = 0.02;
    const moved = await run(fgsm, binary, points, { norm: "linf", radius });
    const margins = async (x: Float64Array) => (await binary.slope("margin", x, points.labels)).loss;
    const [before, after] = [await margins(images), await margins(moved)];
    const w = Array.from({ length: 9 }, (_, j) => Math.abs(two[0]!.weight[j]! - two[0]!.weight[9 + j]!));
    const wanted = radius * w.reduce((a, b) => a + b, 0);
    for (const i of ids)
      if (images.subarray(9 * i, 9 * i + 9).every((v) => v > radius && v < 1 - radius))
        expect(after[i]! - before[i]!).toBeCloseTo(wanted, 6);
    const length = Math.hypot(...w);
    const cw = await cwNearest(binary, points, { steps: 500, searches: 3, c: 1, rate: 0.01, confidence: 0 });
    const straight = (i: number, j: number) => {
      const v = two[0]!.weight[j]! - two[0]!.weight[9 + j]!;
      return images[9 * i + j]! + ((points.labels[i] === 0 ? 1 : -1) * before[i]! * v) / length ** 2;
    };
    const inside = ids.filter((i) => w.every((_, j) => straight(i, j) > 0 && straight(i, j) < 1));
    expect(inside.length).toBeGreaterThan(1);
    for (const i of inside) expect(Math.abs((cw.distances[i]! * length) / -before[i]! - 1)).toBeLessThan(0.01);
  });
});

test.each(attacks.map((attack) => [attack.name, attack] as const))(
  "%s: what it finds is in the ball and between black and white, and is an image's own",
  async (name, attack) => {
    const points = await labelled(classifier);
    for (const norm of attack.norms) {
      const ball = { norm, radius: norm === "linf" ? 0.15 : 0.5 };
      const options = brief[name] ?? {};
      const found = await run(attack, classifier, points, ball, options);
      const minimal = ["deepfool", "cw"].includes(name);
      if (!minimal) for (const i of ids) expect(allowed(ball, images, found, 9 * i, 9)).toBe(true);
      // Fewer points, in another order: each one's result is its own.
      const some = [5, 2, 7];
      const alone = await run(attack, classifier, chosenPoints(points, some), ball, options);
      for (const [a, i] of some.entries())
        expect(alone.subarray(9 * a, 9 * a + 9)).toEqual(found.subarray(9 * i, 9 * i + 9));
      expect(await run(attack, classifier, points, ball, options)).toEqual(found);
    }
  },
);

test.each(["linf", "l2"] as const)(
  "in %s stronger attacks leave no more, a radius of 1 or all leaves nothing",
  async (norm) => {
    const points = await labelled(classifier);
    const left = async (name: string, radius: number) =>
      (
        await withstand(
          classifier,
          points,
          ids,
          { norm, radius },
          { attack: attackNamed(name), options: brief[name] ?? {} },
          randomKey(1),
        )
      ).length;
    for (const radius of norm === "linf" ? [0.03, 0.06, 0.1] : [0.1, 0.2, 0.3]) {
      const [weak, strong, strongest] = [
        await left("fgsm", radius),
        await left("pgd", radius),
        await left("apgd-ce", radius),
      ];
      expect(strong).toBeLessThanOrEqual(weak);
      expect(strongest).toBeLessThanOrEqual(strong);
      expect(await left("square", radius)).toBeGreaterThanOrEqual(strongest);
    }
    for (const { name, norms } of attacks)
      if (norms.includes(norm) && name !== "fgsm" && name !== "cw") expect(await left(name, 3), name).toBe(0);
  },
);

test("what an attack returns counts only in the ball and between black and white", async () => {
  const points = await labelled(classifier);
  const wild: Attack = { ...fgsm, run: async () => images.map((v, j) => (j < 36 ? v + 5 : 1 - v)) };
  const beyond = await withstand(
    classifier,
    points,
    ids,
    { norm: "linf", radius: 0.3 },
    { attack: wild, options: {} },
    randomKey(0),
  );
  expect(beyond).toEqual(ids);
  const near = await withstand(
    classifier,
    points,
    ids,
    { norm: "linf", radius: 1 },
    { attack: wild, options: {} },
    randomKey(0),
  );
  expect(near).toEqual(expect.arrayContaining([0, 1, 2, 3]));
  expect(near.length).toBeLessThan(ids.length);
});

test("pixels beyond black and white stay where they are", () => {
  const own = Float64Array.of(-0.2, 0.5, 1.3);
  const x = Float64Array.of(-0.9, 0.9, 1.9);
  project({ norm: "linf", radius: 0.1 }, own, x, 0, 3);
  expect([...x]).toEqual([-0.2, 0.6, 1.3]);
});

test.each(["linf", "l2"] as const)(
  "the nearest point of a hyperplane in %s: on it, in the box, and none nearer",
  (norm) => {
    for (let t = 0; t < 20; t++) {
      const point = images.subarray(9 * (t % 8), 9 * (t % 8) + 9);
      const w = Float64Array.from(formulaTensor([9], t, 1).data);
      const value = 0.9 * Math.sin(t + 1);
      const move = towards(norm, point, point, w, value);
      const after = move.reduce((sum, v, j) => sum + v * w[j]!, value);
      move.forEach((v, j) => {
        expect(point[j]! + v).toBeGreaterThanOrEqual(-1e-12);
        expect(point[j]! + v).toBeLessThanOrEqual(1 + 1e-12);
      });
      const length = distance(norm, move, new Float64Array(9), 0, 9);
      const reachable = w.reduce((sum, v, j) => sum + Math.abs(v) * (v * value > 0 ? point[j]! : 1 - point[j]!), 0);
      if (reachable < Math.abs(value)) continue;
      expect(Math.abs(after)).toBeLessThan(1e-9);
      // Any other admissible move of that length, here a little less of it, does not reach the plane.
      const shorter = w.reduce((sum, v, j) => {
        const room = v * value > 0 ? point[j]! : 1 - point[j]!;
        return sum + Math.abs(v) * Math.min(room, norm === "linf" ? 0.999 * length : Math.abs(0.999 * move[j]!));
      }, 0);
      expect(shorter).toBeLessThan(Math.abs(value));
    }
  },
);

test("a network under its normalisation is the same function of pixels in float64, every loss", async () => {
  const spec = resolveNetwork({ name: "mlp", options: { width: 12 } });
  const network = buildNetwork(spec, [1, 3, 3], 5);
  const params = formulaParams(network.init(randomKey(0)));
  const normalisation = { mean: [0.4], std: [0.3], range: { low: [-1], high: [1.5] } };
  // x ↦ (low + width · p − mean) / std goes into the first layer.
  const layers = Object.values(params).map(({ weight, bias }, k) => {
    if (k > 0) return { weight: weight!.data, bias: bias!.data };
    const inputs = size(weight!.shape) / bias!.data.length;
    const own = Float64Array.from(weight!.data, (v) => (v * 2.5) / 0.3);
    const sums = Float64Array.from(bias!.data, (_, o) =>
      [...weight!.data.subarray(o * inputs, (o + 1) * inputs)].reduce((sum, v) => sum + v, 0),
    );
    return { weight: own, bias: Float64Array.from(bias!.data, (b, o) => b + (sums[o]! * (-1 - 0.4)) / 0.3) };
  });
  const plain = plainNet(layers, [1, 3, 3]);
  const victim = networkVictim({ network, params }, normalisation);
  const points = await labelled(plain);
  const close = (a: Float64Array, b: Float64Array) => {
    const largest = b.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    expect(Math.max(...a.map((v, j) => Math.abs(v - b[j]!)))).toBeLessThan(1e-4 * largest);
  };
  close(await victim.logits(images), await plain.logits(images));
  const targets = points.labels.map((y) => (y + 2) % 5);
  const losses: AttackLoss[] = ["cross-entropy", "dlr", "targeted-dlr", "margin", "difference"];
  for (const loss of losses) {
    // Half of the labels are wrong ones.
    const labels = points.labels.map((y, i) => (i % 2 ? (y + 1) % 5 : y));
    const [own, wanted] = [
      await victim.slope(loss, images, labels, targets),
      await plain.slope(loss, images, labels, targets),
    ];
    for (const name of ["logits", "loss", "gradient"] as const) close(own[name], wanted[name]);
  }
  expect(rightOnes(await victim.logits(images), points.labels, 5)).toEqual(ids);
});
