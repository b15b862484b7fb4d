import { describe, expect, test } from "vitest";
import golden from "../../../golden/privacy/accountants.json" with { type: "json" };
import {
  epsilonOf,
  gaussianDelta,
  gaussianEpsilon,
  gaussianSigma,
  groupEpsilon,
  renyiDivergence,
  renyiEpsilon,
  sigmaFor,
} from "./index.ts";
import { composedEpsilon } from "./lossDistribution.ts";
import { erfc, logNormalBelow } from "./normal.ts";

const relative = (a: number, b: number) => Math.abs(a / b - 1);

test("erfc and ln Φ are mpmath's to 1e-14", () => {
  for (const { x, erfc: wanted } of golden.erfc) expect(relative(erfc(x), wanted)).toBeLessThan(1e-14);
  for (const { x, log } of golden.logNormal) expect(relative(logNormalBelow(x), log)).toBeLessThan(1e-13);
});

describe("without sampling", () => {
  test("σ for ε at δ 1e-5 is mpmath's to 1e-12, and costs that ε", () => {
    for (const { epsilon, sigma } of golden.gaussian) {
      expect(relative(gaussianSigma(epsilon, 1e-5), sigma)).toBeLessThan(1e-12);
      expect(relative(gaussianEpsilon(sigma, 1e-5), epsilon)).toBeLessThan(1e-12);
      expect(relative(gaussianDelta(sigma, epsilon), 1e-5)).toBeLessThan(1e-10);
    }
  });

  test("twenty releases of noise 10 are one of 10/√20", () => {
    const spent = epsilonOf([{ sigma: 10, rate: 1, steps: 20 }], 1e-5);
    expect(spent).toMatchObject({ accountant: "exact", error: 0 });
    expect(spent.upper).toBeCloseTo(1.76005715, 8);
    expect(epsilonOf([{ sigma: 5, rate: 1, steps: 1 }], 1e-5).upper).toBeCloseTo(0.725521751, 9);
  });

  test("the distribution of losses gives the exact answer, too", () => {
    const { estimate } = composedEpsilon([{ sigma: 10, rate: 1, steps: 20 }], 1e-5, "add-remove", 0.01);
    expect(estimate).toBeCloseTo(1.76005715, 4);
  });

  test("an image in the place of another counts twice, and k images of one person k times", () => {
    const one = [{ sigma: 6, rate: 1, steps: 1 }];
    expect(epsilonOf(one, 1e-5, "replace-one").upper).toBe(gaussianEpsilon(3, 1e-5));
    expect(groupEpsilon(one, 1e-5, 3)).toBe(gaussianEpsilon(2, 1e-5));
  });
});

describe("Rényi", () => {
  test.each(golden.renyi)(
    "divergence of $sigma at $rate, order $order, is Opacus's to 1e-9",
    ({ rho, order, ...one }) => {
      expect(relative(renyiDivergence(one, order), rho)).toBeLessThan(1e-9);
    },
  );

  test("ε is Opacus's to 1e-9 and at most 0.3 % above Google's", () => {
    for (const row of golden.rows) {
      const epsilon = renyiEpsilon([row], row.delta);
      expect(relative(epsilon, row.opacus)).toBeLessThan(1e-9);
      expect(epsilon).toBeLessThan(row.google * 1.003);
    }
  });
});

describe("with sampling", () => {
  test.each(golden.rows.filter(({ steps }) => steps < 3000))(
    "σ $sigma, q $rate, $steps releases, δ $delta: bounds are the PRV accountant's",
    ({ lower, estimate, upper, pld, delta, ...one }) => {
      const found = epsilonOf([one], delta, "add-remove", 0.01);
      expect(Math.abs(found.lower - lower)).toBeLessThan(2e-6);
      expect(Math.abs(found.estimate - estimate)).toBeLessThan(2e-6);
      expect(Math.abs(found.upper - upper)).toBeLessThan(2e-6);
      expect(found.lower).toBeLessThan(pld);
      expect(found.upper).toBeGreaterThan(pld);
    },
  );

  test("a small ε has a small error", () => {
    const spent = epsilonOf([{ sigma: 0.8, rate: 0.001, steps: 1 }], 1e-6);
    expect(spent.error).toBeLessThan(0.0013);
    expect(spent.upper).toBeLessThan(0.0616);
    expect(spent.upper).toBeGreaterThan(0.0602);
  });

  test("different releases compose: the estimate is the PRV accountant's, within the bounds Google's", () => {
    const { releases, estimate, pld } = golden.mixed;
    const found = epsilonOf(releases, 1e-5);
    expect(found.estimate).toBeCloseTo(estimate, 6);
    expect(found.lower).toBeLessThan(pld);
    expect(found.upper).toBeGreaterThan(pld);
  });

  test("releases in two parts cost what they cost in one", () => {
    const whole = epsilonOf([{ sigma: 1, rate: 0.01, steps: 300 }], 1e-5);
    const parts = epsilonOf(
      [100, 200].map((steps) => ({ sigma: 1, rate: 0.01, steps })),
      1e-5,
    );
    expect(parts.estimate).toBeCloseTo(whole.estimate, 9);
  });

  test.each(golden.replaced)("an image replaced: $sigma, $rate, $steps as Google's", ({ pld, ...one }) => {
    const found = epsilonOf([one], 1e-5, "replace-one");
    expect(found.estimate).toBeCloseTo(pld, 4);
    expect(found.upper).toBeGreaterThan(epsilonOf([one], 1e-5).upper);
  });

  test("ε falls with noise and δ, and rises with the rate and the number of releases", () => {
    const base = { sigma: 1, rate: 0.02, steps: 10 };
    const at = (change: object, delta = 1e-5) => epsilonOf([{ ...base, ...change }], delta, "add-remove", 0.01).upper;
    expect(at({ sigma: 1.1 })).toBeLessThan(at({}));
    expect(at({}, 1e-4)).toBeLessThan(at({}));
    expect(at({ rate: 0.025 })).toBeGreaterThan(at({}));
    expect(at({ steps: 15 })).toBeGreaterThan(at({}));
    expect(groupEpsilon([{ ...base, sigma: 4 }], 1e-5, 2)).toBeGreaterThan(
      2 * epsilonOf([{ ...base, sigma: 4 }], 1e-5).lower,
    );
  });

  test("a δ below what float64 resolves is refused", () => {
    expect(() => epsilonOf([{ sigma: 1, rate: 0.01, steps: 10 }], 1e-13)).toThrow("which is what float64 resolves");
  });

  test.each([
    [{ sigma: 0, rate: 0.1, steps: 1 }, "σ must be a positive number, got 0"],
    [{ sigma: 1, rate: 1.5, steps: 1 }, "q must be a probability above 0, at most 1, got 1.5"],
    [{ sigma: 1, rate: 0.5, steps: 0.5 }, "the number of releases must be a whole number above 0, got 0.5"],
  ])("%o is refused", (wrong, message) => {
    expect(() => epsilonOf([wrong], 1e-5)).toThrow(message);
  });
});

describe("σ for a wanted ε", () => {
  test.each([
    [100 / 6000, 300, 1e-5, 1, 1.3684],
    [100 / 6000, 300, 1e-5, 10, 0.538],
    [50 / 6000, 1000, 1e-5, 1, 1.2455],
    [128 / 60000, 2000, 1e-5, 1, 0.7721],
    [256 / 60000, 1000, 1e-5, 1, 0.8823],
    [256 / 60000, 1000, 1e-5, 10, 0.4529],
    [64 / 1797, 300, 1e-4, 1, 2.159],
    [64 / 1797, 300, 1e-4, 10, 0.6344],
  ])(
    "q %d, %d releases at δ %d: ε %d is the accountant's estimate at σ %d, to 0.1 %%",
    (rate, steps, delta, epsilon, sigma) => {
      const { estimate, upper } = epsilonOf([{ sigma, rate, steps }], delta, "add-remove", 0.01);
      expect(relative(estimate, epsilon)).toBeLessThan(1.2e-3);
      expect(upper).toBeGreaterThan(epsilon);
    },
  );

  test("keeps the upper bound, and no σ that is less by more than a ten thousandth does", () => {
    const planned = { rate: 0.02, steps: 5 };
    const { sigma, spent } = sigmaFor(1, 1e-5, planned);
    expect(spent.upper).toBeLessThanOrEqual(1);
    expect(epsilonOf([{ ...planned, sigma: sigma - 2e-4 }], 1e-5).upper).toBeGreaterThan(1);
    expect(sigmaFor(1, 1e-5, { rate: 1, steps: 4 }).sigma).toBe(Math.ceil(gaussianSigma(1, 1e-5) * 2e4) / 1e4);
  });

  test("pays what is released beside from the same budget", () => {
    const planned = { rate: 0.02, steps: 5 };
    const beside = [{ sigma: 8, rate: 1, steps: 1 }];
    const { sigma, spent } = sigmaFor(1, 1e-5, planned, "add-remove", beside);
    expect(sigma).toBeGreaterThan(sigmaFor(1, 1e-5, planned).sigma);
    expect(epsilonOf([{ ...planned, sigma }, ...beside], 1e-5).upper).toBe(spent.upper);
    expect(() => sigmaFor(0.1, 1e-5, planned, "add-remove", beside)).toThrow("costs ε 0.4344 alone");
  });
});
