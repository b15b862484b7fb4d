import { randomKey } from "../../engine/index.ts";
import type { Discrepancy, EmpiricalMeasure, MeasureContext, Setting } from "../discrepancy.ts";
import { oneSided } from "../measures/index.ts";
import { overDraws, pairLimit } from "./draws.ts";
import { wassersteinDual } from "./dual/dual.ts";
import { wassersteinBetween } from "./exact.ts";
import { euclidean } from "./ground/metric.ts";
import { meanSquaredDistance } from "./ground/scale.ts";
import { comparable } from "./ground/weightedPoints.ts";
import { labelled } from "./labelled.ts";
import { checkOrder, root } from "./order.ts";
import { checkEpsilon, entropicBetween } from "./sinkhorn/divergence.ts";
import { directionsOn, slicedWasserstein } from "./sliced.ts";

const order: Setting = {
  default: 2,
  meaning: "order of the metric, from 1",
  takes: "a number of at least 1",
  accepts: (p) => p >= 1,
};

const count = (standard: number, meaning: string): Setting => ({
  default: standard,
  meaning,
  takes: "a whole number of at least 1",
  accepts: (value) => Number.isSafeInteger(value) && value >= 1,
});

const points = (standard: number): Setting =>
  count(standard, "points of either side at a time, where there are more pairs than its square");
const draws = count(4, "draws of that many points, where a side has more");

/** WM_p by the transport problem, of all points or of draws of them. */
async function transport(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  p: number,
  { seed, settings, signal }: MeasureContext,
) {
  checkOrder(p);
  const [x, y] = comparable(a, b);
  const sizes = pairLimit(x, y, settings.points!);
  return overDraws(x, y, sizes, settings.draws!, randomKey(seed).fold("wasserstein"), (u, v) => {
    signal?.throwIfAborted();
    return wassersteinBetween(u, v, p, euclidean, signal);
  });
}

const wasserstein: Discrepancy = {
  name: "wasserstein",
  title: "Wasserstein metric",
  formula: "WM_p(μ₁, μ₂) = inf_γ (E_γ ‖x − y‖₂^p)^(1/p)",
  reference: "§2, Wasserstein metric",
  labelAware: false,
  needsImages: false,
  settings: { p: order, points: points(2500), draws },
  measure: (a, b, context) => transport(a, b, context.settings.p!, context),
};

const wassersteinLabelled: Discrepancy = {
  name: "wasserstein-labelled",
  title: "Wasserstein metric of labelled points",
  formula: "inf_γ (E_γ (‖x − x'‖₂² + c² 1[y ≠ y'])^(p/2))^(1/p)",
  reference: "§2, Wasserstein metric",
  labelAware: true,
  needsImages: false,
  settings: {
    p: order,
    step: {
      default: 1,
      meaning: "distance c between two classes, in units of the root mean square distance between the sets",
      takes: "a number above 0",
      accepts: (c) => c > 0,
    },
    points: points(2500),
    draws,
  },
  measure(a, b, context) {
    const step = context.settings.step! * Math.sqrt(meanSquaredDistance(...comparable(a, b)));
    return transport(...labelled(a, b, step), context.settings.p!, context);
  },
};

const bottleneck: Discrepancy = {
  name: "bottleneck",
  title: "Wasserstein metric of order ∞",
  formula: "WM_∞(μ₁, μ₂) = inf_γ max over (x, y) in supp γ of ‖x − y‖₂",
  reference: "§2, Wasserstein metric",
  labelAware: false,
  needsImages: false,
  settings: { points: points(1000), draws },
  measure: (a, b, context) => transport(a, b, Number.POSITIVE_INFINITY, context),
};

const sinkhorn: Discrepancy = {
  name: "sinkhorn",
  title: "Sinkhorn divergence",
  formula: "S_ε^(1/p), S_ε = OT_ε(μ₁, μ₂) − OT_ε(μ₁, μ₁)/2 − OT_ε(μ₂, μ₂)/2",
  reference: "§2, Wasserstein metric; §5.1.4",
  labelAware: false,
  needsImages: false,
  settings: {
    p: order,
    // Much smaller, and few points are as far apart as in the unregularised metric.
    epsilon: {
      default: 0.25,
      meaning: "regularisation ε, in units of (mean squared distance between the sets)^(p/2)",
      takes: "a number above 0",
      accepts: (epsilon) => epsilon > 0 && epsilon < Number.POSITIVE_INFINITY,
    },
    points: count(2000, "points of either side at a time"),
    draws,
  },
  async measure(a, b, { seed, settings, signal }) {
    const { p, epsilon: share, points: most } = settings as Record<"p" | "epsilon" | "points" | "draws", number>;
    checkOrder(p);
    checkEpsilon(share);
    const [x, y] = comparable(a, b);
    const scale = meanSquaredDistance(x, y) ** (p / 2);
    if (scale === 0) return { value: 0, stderr: 0, estimator: "all points are one" };
    const epsilon = share * scale;
    let worst = 0;
    const key = randomKey(seed).fold("sinkhorn");
    const estimate = await overDraws(x, y, [most, most], settings.draws!, key, async (u, v) => {
      const { divergence, marginalError } = await entropicBetween(u, v, { p, epsilon, ...(signal && { signal }) });
      worst = Math.max(worst, marginalError);
      return root(divergence, p);
    });
    const whole = estimate.estimator === "exact" ? "all points" : estimate.estimator;
    return {
      ...estimate,
      estimator: `ε = ${epsilon.toPrecision(3)}, marginals to ${worst.toPrecision(1)}, ${whole}`,
    };
  },
};

const sliced: Discrepancy = {
  name: "sliced-wasserstein",
  title: "Sliced Wasserstein metric",
  formula: "(E_θ WM_p(θ·μ₁, θ·μ₂)^p)^(1/p), θ uniform on the unit sphere",
  reference: "§2, Wasserstein metric",
  labelAware: false,
  needsImages: false,
  settings: { p: order, directions: count(128, "random directions") },
  async measure(a, b, { seed, settings, signal }) {
    const [{ dimension }] = comparable(a, b);
    const directions = directionsOn(dimension, settings.directions!, randomKey(seed).fold("directions"));
    const { value, stderr } = await slicedWasserstein(a, b, directions, settings.p!, signal);
    return { value, stderr, estimator: `${settings.directions} directions` };
  },
};

const dual: Discrepancy = {
  name: "wasserstein-dual",
  title: "Wasserstein metric of order 1, dual",
  formula: "sup over Lip(h) ≤ 1 of |E_μ₁ h − E_μ₂ h|",
  reference: "§2, Wasserstein metric, dual formulation",
  labelAware: false,
  needsImages: false,
  settings: {
    steps: count(500, "training steps of the critic"),
    width: {
      default: 64,
      meaning: "units of its hidden layers, even",
      takes: "an even number of at least 2",
      accepts: (width) => Number.isSafeInteger(width / 2) && width >= 2,
    },
  },
  async measure(a, b, { seed, settings, signal }) {
    const { steps, width } = settings as Record<"steps" | "width", number>;
    const key = randomKey(seed).fold("wasserstein-dual");
    const { value } = await wassersteinDual(a, b, { key, steps, width, ...(signal && { signal }) });
    return {
      ...oneSided({ value, stderr: 0 }, "lower"),
      estimator: `lower bound by a 1-Lipschitz network, ${steps} steps`,
    };
  },
};

/** Transport distances, as `attar measure` lists them. */
export const wassersteinDiscrepancies: readonly Discrepancy[] = [
  wasserstein,
  wassersteinLabelled,
  bottleneck,
  sinkhorn,
  sliced,
  dual,
];
