import fc from "fast-check";
import { describe, expect, test } from "vitest";
import golden from "../../../golden/discrepancies/criterion.json" with { type: "json" };
import {
  formulaMeasure,
  formulaMlp,
  learnable,
  relativeError,
  uniform,
} from "../../../golden/discrepancies/measure.ts";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import { randomKey, Tensor } from "../../engine/index.ts";
import { mlp } from "../../hypotheses/index.ts";
import { networkOf } from "../measures/index.ts";
import { measurableNamed } from "../registry.ts";
import {
  criterionDiscrepancies,
  type Hypothesis,
  losses,
  modelAgnostic,
  modelSpecific,
  pointwiseLoss,
  pointwiseRobustLoss,
  robustLoss,
  testLoss,
} from "./index.ts";

const h = formulaMlp();
const x = formulaMeasure(7, 90);
const whole = (measure: typeof x) => ({ measure, share: 1 });

describe("against float64 PyTorch", () => {
  test("the test loss", async () => {
    expect(relativeError(await pointwiseLoss(h, x), golden.losses)).toBeLessThan(1e-5);
    expect((await testLoss(h, x)) / golden.testLoss).toBeCloseTo(1, 5);
  });

  test.each(["linf", "l2"] as const)("the robust loss in the %s ball", async (norm) => {
    const attack = { epsilon: golden[norm].epsilon, norm, steps: 7 };
    expect(relativeError(await pointwiseRobustLoss(attack)(h, x), golden[norm].worst)).toBeLessThan(1e-5);
    expect((await robustLoss(h, x, attack)) / golden[norm].mean).toBeCloseTo(1, 5);
  });
});

test("cross-entropy of large logits neither overflows nor loses a class", () => {
  const logits = new Tensor(Float32Array.of(1000, 0, -1000, -1000, 0, 1000), [2, 3], "float32");
  expect([...losses(logits, Int32Array.of(0, 0))]).toEqual([0, 2000]);
});

describe("the robust loss", () => {
  test("is at least the loss, grows with the radius, and its attack stays in the ball", async () => {
    const plain = await pointwiseLoss(h, x);
    for (const norm of ["linf", "l2"] as const) {
      let before = plain;
      for (const epsilon of [0.05, 0.2, 0.8]) {
        const worst = await pointwiseRobustLoss({ epsilon, norm, steps: 5 })(h, x);
        worst.forEach((loss, i) => {
          expect(loss).toBeGreaterThanOrEqual(plain[i]! - 1e-6);
        });
        expect(worst.reduce((a, b) => a + b)).toBeGreaterThan(before.reduce((a, b) => a + b));
        before = worst;
      }
    }
    // The loss is Lipschitz in the point: a ball of no size leaves it.
    const tiny = await pointwiseRobustLoss({ epsilon: 1e-6, norm: "l2", steps: 20, stepSize: 1 })(h, x);
    expect(relativeError(tiny, plain)).toBeLessThan(1e-5);
  });

  test.each([
    { epsilon: 0, norm: "l2", steps: 3 },
    { epsilon: -1, norm: "linf", steps: 3 },
    { epsilon: Number.NaN, norm: "linf", steps: 3 },
    { epsilon: 1, norm: "linf", steps: 0 },
    { epsilon: 1, norm: "linf", steps: 3, stepSize: 0 },
  ] as const)("refuses %o", (attack) => {
    expect(() => pointwiseRobustLoss(attack)).toThrow(expect.objectContaining({ code: "bad-attack", exitCode: 2 }));
  });
});

const network = networkOf(mlp({ depth: 1, width: 4 }), [1, 1, 6], 3);
const family = (seed: number, count: number): Hypothesis[] =>
  Array.from({ length: count }, (_, k) => ({ network, params: network.init(randomKey(seed).fold(k)) }));

test("model-specific and model-agnostic readings: pseudometrics over a fixed family, mean below supremum", async () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 }));
  await fc.assert(
    fc.asyncProperty(sizes, sizes, sizes, fc.nat(99), async (p, q, r, seed) => {
      const [a, b, c] = [p, q, r].map(([n, t]) => whole(formulaMeasure(n, t)));
      const hs = family(seed, 3);
      const both = (u: typeof a, v: typeof a) => modelAgnostic(pointwiseLoss, hs, u!, v!);
      const [ab, ba, bc, ac, aa] = [
        await both(a, b),
        await both(b, a),
        await both(b, c),
        await both(a, c),
        await both(a, a),
      ];
      expect([aa.sup.value, aa.mean.value]).toEqual([0, 0]);
      for (const reading of ["sup", "mean"] as const) {
        expect(ba[reading].value).toBe(ab[reading].value);
        expect(ac[reading].value).toBeLessThanOrEqual(ab[reading].value + bc[reading].value + 1e-12);
      }
      expect(ab.mean.value).toBeLessThanOrEqual(ab.sup.value + 1e-12);
      const first = await modelSpecific(pointwiseLoss, hs[0]!, a!, b!);
      expect(first.value).toBeLessThanOrEqual(ab.sup.value);
    }),
    { numRuns: 15 },
  );
});

describe.each(Object.keys(criterionDiscrepancies).map(measurableNamed))("$name", (record) => {
  const options = { steps: 100, ...("initialisations" in record.options ? { initialisations: 2 } : {}) };
  const context = { seed: 1, network: mlp({ width: 8 }) };
  const a = learnable(40, 90);
  const b = { ...learnable(30, 91), name: "other" };

  test("zero on equal measures, detects permuted labels, says how it was computed", async () => {
    expect((await record.measure(a, { ...a }, context, options)).value).toBe(0);
    const permuted = { ...a, labels: a.labels.map((label) => (label + 1) % 3) };
    expect((await record.measure(a, permuted, context, options)).value).toBeGreaterThan(0.1);
    const { value, stderr, estimator } = await record.measure(a, b, context, options);
    expect(value).toBeGreaterThan(0);
    // A search for a maximum is not exact, whatever it has seen of the points.
    if (record.name === "test-loss") expect(stderr).toBe(0);
    else if (record.name !== "model-agnostic-mean") expect(stderr).toBeNaN();
    expect(estimator).toContain("mlp");
    if (record.name.startsWith("model-agnostic"))
      expect((await record.measure(b, a, context, options)).value).toBe(value);
  });

  test("a sample of the points has a standard error", async () => {
    const { value, stderr } = await record.measure(a, b, context, { ...options, points: 12 });
    expect(stderr).toBeGreaterThan(0);
    expect(Math.abs(value - (await record.measure(a, b, context, options)).value)).toBeLessThan(5 * stderr);
  });

  test("refuses an option out of range", async () => {
    const bad = record.measure(a, b, context, { ...options, steps: 0 });
    await expect(bad).rejects.toMatchObject({ code: "invalid-option", exitCode: 2 });
  });
});

test("images [n, C, H, W] of a convolutional network and of an aborted measurement", async () => {
  const record = measurableNamed("test-loss");
  const images = { ...uniform(formulaMeasure(6, 1)), points: formulaTensor([6, 1, 4, 4], 3) };
  const context = {
    seed: 1,
    network: { name: "convnet", options: { depth: 1, width: 3 } },
  };
  const { estimator } = await record.measure(images, { ...images }, context, { trained: false });
  expect(estimator).toContain("random convnet");
  const aborted = record.measure(images, images, { ...context, signal: AbortSignal.abort(new Error("stop")) });
  await expect(aborted).rejects.toThrow("stop");
});
