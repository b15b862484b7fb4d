import { AttarError } from "../../engine/index.ts";
import type { Reading, Samples } from "./reading.ts";

/** Sums over the samples of squared errors and of squared distances from the mean, one of each for every number to predict. */
async function squares({
  outputs,
  values,
  target,
}: Samples): Promise<{ error: Float64Array; spread: Float64Array; n: number }> {
  const { data } = await outputs();
  const k = target!.names.length;
  const n = values!.length / k;
  const [error, spread, mean] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)];
  for (let i = 0; i < n * k; i++) mean[i % k]! += values![i]! / n;
  for (let i = 0; i < n * k; i++) {
    error[i % k]! += (data[i]! - values![i]!) ** 2;
    spread[i % k]! += (values![i]! - mean[i % k]!) ** 2;
  }
  return { error, spread, n };
}

const average = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** The share of the variance of the test split that predictions explain, 1 − Σ(ŷ − y)² / Σ(y − ȳ)²; a mean over the numbers. */
export const r2 = {
  name: "r2",
  title: "share of the variance of the test split that is explained (R²)",
  options: {},
  unit: "explained-variance",
  better: "higher",
  target: "values",
  needsLogits: false,
  names: () => ["r2"],
  async of(_network, samples) {
    const { error, spread } = await squares(samples);
    if (spread.some((s) => s === 0))
      throw new AttarError(
        "no-variance",
        "the numbers to predict are all alike in the test split: there is no variance to explain",
        "use a test split of several values",
      );
    return { r2: average(error.map((e, j) => 1 - e / spread[j]!)) };
  },
} satisfies Reading;

/** The root of the mean squared error, in the units of what is predicted; of several numbers that of each, and their mean. */
export const rmse = {
  name: "rmse",
  title: "root of the mean squared error of the test split, in the units of what is predicted",
  options: {},
  unit: "target",
  better: "lower",
  target: "values",
  needsLogits: false,
  names: ({ target }) => ["rmse", ...(target!.names.length > 1 ? target!.names : [])],
  async of(_network, samples) {
    const { names, std } = samples.target!;
    const { error, n } = await squares(samples);
    const each = error.map((e, j) => Math.sqrt(e / n) * std[j]!);
    return {
      rmse: average(each),
      ...(names.length > 1 && Object.fromEntries(names.map((name, j) => [name, each[j]!]))),
    };
  },
} satisfies Reading;
