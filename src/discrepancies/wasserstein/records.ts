import { AttarError, number, randomKey, work } from "../../engine/index.ts";
import { type Discrepancy, type EmpiricalMeasure, type MeasureContext, measured } from "../discrepancy.ts";
import { oneSided, positive, wholeNumber } from "../measures/index.ts";
import { barycentreDistance } from "./barycentreDistance.ts";
import { overDraws, pairLimit } from "./draws.ts";
import { wassersteinDual } from "./dual/dual.ts";
import { wassersteinBetween } from "./exact.ts";
import { euclidean } from "./ground/metric.ts";
import { meanSquaredDistance } from "./ground/scale.ts";
import { comparable } from "./ground/weightedPoints.ts";
import { labelled } from "./labelled.ts";
import { root } from "./order.ts";
import { entropicBetween } from "./sinkhorn/divergence.ts";
import { tracedSinkhorn } from "./sinkhorn/traced.ts";
import { directionsOn, slicedWasserstein } from "./sliced.ts";

const order = number(2, 1, undefined, "order of the metric, from 1");

const points = (standard: number) =>
  wholeNumber(standard, 1, "points of either side at a time, where there are more pairs than its square");
const draws = wholeNumber(4, 1, "draws of that many points, where a side has more");

const traits = { labelAware: false, needsImages: false };
const reference = "§2, Wasserstein metric";

/** WM_p by the transport problem, of all points or of draws of them. */
async function transport(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  p: number,
  options: { readonly points: number; readonly draws: number },
  { seed, signal }: MeasureContext,
) {
  const [x, y] = comparable(a, b);
  const sizes = pairLimit(x, y, options.points);
  return overDraws(x, y, sizes, options.draws, randomKey(seed).fold("wasserstein"), (u, v) => {
    signal?.throwIfAborted();
    return wassersteinBetween(u, v, p, euclidean, signal);
  });
}

const wasserstein = {
  title: "Wasserstein metric",
  formula: "WM_p(μ₁, μ₂) = inf_γ (E_γ ‖x − y‖₂^p)^(1/p)",
  reference,
  options: {},
  measured: measured({
    ...traits,
    options: { p: order, points: points(2500), draws },
    measure: (a, b, options, context) => transport(a, b, options.p, options, context),
  }),
} satisfies Discrepancy;

const wassersteinLabelled = {
  title: "Wasserstein metric of labelled points",
  formula: "inf_γ (E_γ (‖x − x'‖₂² + c² 1[y ≠ y'])^(p/2))^(1/p)",
  reference,
  options: {},
  measured: measured({
    ...traits,
    labelAware: true,
    options: {
      p: order,
      step: positive(1, "distance c between two classes, in units of the root mean square distance between the sets"),
      points: points(2500),
      draws,
    },
    measure(a, b, options, context) {
      const step = options.step * Math.sqrt(meanSquaredDistance(...comparable(a, b)));
      return transport(...labelled(a, b, step), options.p, options, context);
    },
  }),
} satisfies Discrepancy;

const bottleneck = {
  title: "Wasserstein metric of order ∞",
  formula: "WM_∞(μ₁, μ₂) = inf_γ max over (x, y) in supp γ of ‖x − y‖₂",
  reference,
  options: {},
  measured: measured({
    ...traits,
    options: { points: points(1000), draws },
    measure: (a, b, options, context) => transport(a, b, Number.POSITIVE_INFINITY, options, context),
  }),
} satisfies Discrepancy;

const sinkhorn = {
  title: "Sinkhorn divergence",
  formula: "S_ε^(1/p), S_ε = OT_ε(μ₁, μ₂) − OT_ε(μ₁, μ₁)/2 − OT_ε(μ₂, μ₂)/2",
  reference: "§2, Wasserstein metric; §5.1.4",
  citation: work(
    "J. Feydy, T. Séjourné, F.-X. Vialard, S. Amari, A. Trouvé and G. Peyré",
    2019,
    "Interpolating between Optimal Transport and MMD using Sinkhorn Divergences",
    "AISTATS",
  ),
  options: {},
  traced: tracedSinkhorn,
  measured: measured({
    ...traits,
    options: {
      p: order,
      // Much smaller, and few points are as far apart as in the unregularised metric.
      smoothing: positive(0.25, "regularisation ε, in units of (mean squared distance between the sets)^(p/2)"),
      points: wholeNumber(2000, 1, "points of either side at a time"),
      draws,
    },
    async measure(a, b, { p, smoothing: share, points: most, draws: times }, { seed, signal }) {
      const [x, y] = comparable(a, b);
      const scale = meanSquaredDistance(x, y) ** (p / 2);
      if (scale === 0) return { value: 0, stderr: 0, estimator: "all points are one" };
      const epsilon = share * scale;
      let worst = 0;
      const key = randomKey(seed).fold("sinkhorn");
      const estimate = await overDraws(x, y, [most, most], times, key, async (u, v) => {
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
  }),
} satisfies Discrepancy;

const sliced = {
  title: "Sliced Wasserstein metric",
  formula: "(E_θ WM_p(θ·μ₁, θ·μ₂)^p)^(1/p), θ uniform on the unit sphere",
  reference,
  options: {},
  measured: measured({
    ...traits,
    options: { p: order, directions: wholeNumber(128, 1, "random directions") },
    async measure(a, b, { p, directions: count }, { seed, signal }) {
      const [{ dimension }] = comparable(a, b);
      const directions = directionsOn(dimension, count, randomKey(seed).fold("directions"));
      const { value, stderr } = await slicedWasserstein(a, b, directions, p, signal);
      return { value, stderr, estimator: `${count} directions` };
    },
  }),
} satisfies Discrepancy;

const dual = {
  title: "Wasserstein metric of order 1, dual",
  formula: "sup over Lip(h) ≤ 1 of |E_μ₁ h − E_μ₂ h|",
  reference: "§2, Wasserstein metric, dual formulation",
  options: {},
  measured: measured({
    ...traits,
    options: {
      steps: wholeNumber(500, 1, "training steps of the critic"),
      width: wholeNumber(64, 2, "units of its hidden layers, even"),
    },
    async measure(a, b, { steps, width }, { seed, signal }) {
      if (width % 2 !== 0)
        throw new AttarError(
          "invalid-option",
          `option width of discrepancy wasserstein-dual is even, got ${width}`,
          `For example --set wasserstein-dual.width=${width + 1}.`,
        );
      const key = randomKey(seed).fold("wasserstein-dual");
      const { value } = await wassersteinDual(a, b, { key, steps, width, ...(signal && { signal }) });
      return {
        ...oneSided({ value, stderr: 0 }, "lower"),
        estimator: `lower bound by a 1-Lipschitz network, ${steps} steps`,
      };
    },
  }),
} satisfies Discrepancy;

/** Transport distances, by name. */
export const wassersteinDiscrepancies = {
  wasserstein,
  "wasserstein-labelled": wassersteinLabelled,
  bottleneck,
  sinkhorn,
  "sliced-wasserstein": sliced,
  "wasserstein-dual": dual,
  barycentre: barycentreDistance,
};
