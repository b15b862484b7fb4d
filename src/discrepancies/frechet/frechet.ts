import { AttarError, work } from "../../engine/index.ts";
import { type Discrepancy, type EmpiricalMeasure, measured } from "../discrepancy.ts";
import { asRows, weightsOf } from "../measures/index.ts";
import { covarianceOf, momentsOf } from "../moments/index.ts";
import { type Gaussian, squaredFrechet } from "./gaussians.ts";

/** Columns up to which eigenvalues are a matter of seconds. */
const widest = 1024;

/** Mean and unbiased covariance of a measure. @throws AttarError "too-wide", "bad-measure" for a single point */
export async function gaussianOf(measure: EmpiricalMeasure): Promise<Gaussian> {
  const rows = asRows(measure);
  const [n, d] = rows.shape as [number, number];
  if (d > widest)
    throw new AttarError(
      "too-wide",
      `the covariance of ${measure.name} would have ${d} columns, more than ${widest}`,
      "Give an encoder with fewer: --encoder network:trained, or --encoder pca:50.",
    );
  if (n < 2)
    throw new AttarError(
      "bad-measure",
      `${measure.name} holds one point, which has no covariance`,
      "Name a set or a class with at least two points.",
    );
  const weights = weightsOf(measure);
  const [mean] = momentsOf(rows, weights, 1);
  const biased = await covarianceOf(rows, weights, mean!);
  const share = 1 - weights.reduce((sum, w) => sum + w * w, 0);
  return { mean: mean!, covariance: biased.map((v) => v / share) };
}

/** The Fréchet distance of the normal distributions with the sets' moments; of a classifier's features it judges generators. */
export const frechet = {
  title: "Fréchet distance of Gaussians, squared",
  formula: "‖m₁ − m₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁^½ Σ₂ Σ₁^½)^½)",
  reference: "§2, Wasserstein metric, of Gaussians",
  citation: work(
    "M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter",
    2017,
    "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
    "NeurIPS",
  ),
  options: {},
  measured: measured({
    labelAware: false,
    needsImages: false,
    options: {},
    async measure(a, b) {
      const value = squaredFrechet(await gaussianOf(a), await gaussianOf(b));
      return { value, stderr: Number.NaN, estimator: "of the sets' moments: too large for few points" };
    },
  }),
} satisfies Discrepancy;
