import { AttarError, randomKey, type Tensor } from "../../engine/index.ts";
import { features } from "../criterion/hypothesis.ts";
import type { Discrepancy, EmpiricalMeasure, MeasureContext } from "../discrepancy.ts";
import { asRows, choice, defineDiscrepancy, networkFor, type Settings, weightsOf } from "../measures/index.ts";
import { covarianceOf } from "./covarianceOf.ts";
import { momentsOf } from "./momentsOf.ts";

/** Largest order: float64 keeps the moments of normalised pixels and features apart far beyond it. */
const highest = 16;
/** Columns up to which a covariance is affordable: its matrix has the square of them. */
const widest = 4096;

const settings: Settings = {
  order: {
    default: 2,
    meaning: "moments up to this order: 1 the mean, 2 the variance, from 3 on central moments",
    takes: `a whole number from 1 to ${highest}`,
    accepts: (n) => Number.isInteger(n) && n >= 1 && n <= highest,
  },
  covariance: choice(0, "1 to compare whole covariance matrices in place of variances"),
  features: choice(0, "1 for the features of one random network, 0 for the points themselves"),
};

/**
 * The moments of a measure's columns up to an order, one after the other: the distance of two measures is Euclidean in them.
 *
 * @throws AttarError "too-wide" for the covariance of more than 4,096 columns.
 */
async function momentVector(measure: EmpiricalMeasure, context: MeasureContext): Promise<Float64Array[]> {
  const { order, covariance } = context.settings as Record<string, number>;
  const rows = await columns(measure, context);
  const weights = weightsOf(measure);
  const moments = momentsOf(rows, weights, order!);
  if (covariance === 0 || order! < 2) return moments;
  if (rows.shape[1]! > widest)
    throw new AttarError(
      "too-wide",
      `the covariance of ${measure.name} would have ${rows.shape[1]} columns, more than ${widest}`,
      "Leave out moments.covariance=1, or give an encoder with fewer features.",
    );
  return [moments[0]!, await covarianceOf(rows, weights, moments[0]!), ...moments.slice(2)];
}

async function columns(measure: EmpiricalMeasure, context: MeasureContext): Promise<Tensor> {
  if (context.settings.features === 0) return asRows(measure);
  const network = networkFor(measure, context);
  return features({ network, params: network.init(randomKey(context.seed).fold("moments")) }, measure);
}

/** The distance of moments (§5.1.4, higher-order moment matching). */
export const momentDiscrepancies: readonly Discrepancy[] = [
  defineDiscrepancy({
    name: "moments",
    title: "Moment discrepancy",
    formula: "(Σ_{k ≤ order} ‖m_k(μ₁) − m_k(μ₂)‖²)^½, m₁ the mean, m_k central",
    reference: "§5.1.4, higher-order moment matching",
    labelAware: false,
    needsImages: false,
    settings,
    async measure(a, b, context) {
      const [x, y] = [await momentVector(a, context), await momentVector(b, context)];
      let squares = 0;
      for (const [k, moment] of x.entries())
        for (let j = 0; j < moment.length; j++) squares += (moment[j]! - y[k]![j]!) ** 2;
      const { order, covariance, features: encoded } = context.settings;
      const second = covariance === 1 ? "covariance" : "variance";
      const which = [`mean`, second, `central moments to order ${order}`].slice(0, Math.min(order!, 3)).join(", ");
      const of = encoded === 1 ? ` of the features of a random ${networkFor(a, context).spec.name}` : "";
      return { value: Math.sqrt(squares), stderr: 0, estimator: `exact: ${which}${of}` };
    },
  }),
];
