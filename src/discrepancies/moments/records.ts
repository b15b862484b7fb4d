import { AttarError, flag, integer, type Resolved, randomKey, type Tensor, work } from "../../engine/index.ts";
import { features } from "../criterion/hypothesis.ts";
import { type Discrepancy, type EmpiricalMeasure, type MeasureContext, measured } from "../discrepancy.ts";
import { asRows, networkFor, weightsOf } from "../measures/index.ts";
import { covarianceOf } from "./covarianceOf.ts";
import { momentsOf } from "./momentsOf.ts";
import { tracedMoments } from "./traced.ts";

/** Largest order: float64 keeps the moments of normalised pixels and features apart far beyond it. */
const highest = 16;
/** Columns up to which a covariance is affordable: its matrix has the square of them. */
const widest = 4096;

const options = {
  order: integer(2, 1, highest, "moments up to this order: 1 the mean, 2 the variance, from 3 on central moments"),
  covariance: flag(false, "whether whole covariance matrices are compared in place of variances"),
  features: flag(false, "whether the features of one random network are compared, or the points themselves"),
};

type Options = Resolved<typeof options>;

/**
 * The moments of a measure's columns up to an order, one after the other: the distance of two measures is Euclidean in them.
 *
 * @throws AttarError "too-wide" for the covariance of more than 4,096 columns.
 */
async function momentVector(
  measure: EmpiricalMeasure,
  options: Options,
  context: MeasureContext,
): Promise<Float64Array[]> {
  const { order, covariance } = options;
  const rows = await columns(measure, options, context);
  const weights = weightsOf(measure);
  const moments = momentsOf(rows, weights, order);
  if (!covariance || order < 2) return moments;
  if (rows.shape[1]! > widest)
    throw new AttarError(
      "too-wide",
      `the covariance of ${measure.name} would have ${rows.shape[1]} columns, more than ${widest}`,
      "Leave out moments.covariance=true, or give an encoder with fewer features.",
    );
  return [moments[0]!, await covarianceOf(rows, weights, moments[0]!), ...moments.slice(2)];
}

async function columns(
  measure: EmpiricalMeasure,
  { features: encoded }: Options,
  context: MeasureContext,
): Promise<Tensor> {
  if (!encoded) return asRows(measure);
  const network = networkFor(measure, context);
  return features({ network, params: network.init(randomKey(context.seed).fold("moments")) }, measure);
}

/** The distance of moments (§5.1.4, higher-order moment matching). */
export const moments = {
  title: "Moment discrepancy",
  formula: "(Σ_{k ≤ order} ‖m_k(μ₁) − m_k(μ₂)‖²)^½, m₁ the mean, m_k central",
  reference: "§5.1.4, higher-order moment matching",
  citation: work(
    "R. Yu, S. Liu, J. Ye and X. Wang",
    2024,
    "Teddy: Efficient Large-Scale Dataset Distillation via Taylor-Approximated Matching",
    "ECCV",
  ),
  options: {},
  traced: tracedMoments,
  measured: measured({
    labelAware: false,
    needsImages: false,
    options,
    async measure(a, b, options, context) {
      const [x, y] = [await momentVector(a, options, context), await momentVector(b, options, context)];
      let squares = 0;
      for (const [k, moment] of x.entries())
        for (let j = 0; j < moment.length; j++) squares += (moment[j]! - y[k]![j]!) ** 2;
      const { order, covariance, features: encoded } = options;
      const second = covariance ? "covariance" : "variance";
      const which = [`mean`, second, `central moments to order ${order}`].slice(0, Math.min(order, 3)).join(", ");
      const of = encoded ? ` of the features of a random ${networkFor(a, context).spec.name}` : "";
      return { value: Math.sqrt(squares), stderr: 0, estimator: `exact: ${which}${of}` };
    },
  }),
} satisfies Discrepancy;
