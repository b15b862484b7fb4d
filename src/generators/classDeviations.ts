import { type RandomKey, Tensor, tensor } from "../engine/index.ts";
import type { Params, ShapeTable } from "../hypotheses/index.ts";

/** The aggregate posterior of every class as a normal distribution of uncorrelated numbers: for codes too long for a covariance. */
export const classDeviationShapes = (classes: number, m: number): ShapeTable => ({
  prior: { mean: { shape: [classes, m] }, deviation: { shape: [classes, m] } },
});

/** The standard normal prior of every class: before any code is known. */
export const standardDeviations = (classes: number, m: number): Params[string] => ({
  mean: tensor(new Float32Array(classes * m), [classes, m]),
  deviation: tensor(new Float32Array(classes * m).fill(1), [classes, m]),
});

/** Fits mean and deviation of every number in each class, in float64. @param codes [n, m] */
export function fitClassDeviations({ data, shape }: Tensor, labels: Int32Array, classes: number): Params[string] {
  const m = shape[1]!;
  const counts = new Int32Array(classes);
  const sums = new Float64Array(classes * m);
  const squares = new Float64Array(classes * m);
  for (const [i, c] of labels.entries()) {
    counts[c] = counts[c]! + 1;
    for (let j = 0; j < m; j++) {
      const v = data[i * m + j]!;
      sums[c * m + j] = sums[c * m + j]! + v;
      squares[c * m + j] = squares[c * m + j]! + v * v;
    }
  }
  const of = (at: number) => Math.max(1, counts[Math.floor(at / m)]!);
  const mean = Float32Array.from(sums, (sum, at) => sum / of(at));
  const deviation = Float32Array.from(squares, (sum, at) =>
    Math.sqrt(Math.max(0, sum / of(at) - (sums[at]! / of(at)) ** 2)),
  );
  return { mean: new Tensor(mean, [classes, m], "float32"), deviation: new Tensor(deviation, [classes, m], "float32") };
}

/** Draws a code of each label's class: mean + deviation · ε. @returns [n, m] */
export function drawClassDeviations({ mean, deviation }: Params[string], labels: Int32Array, key: RandomKey): Tensor {
  const m = mean!.shape[1]!;
  const noise = key.normal(labels.length * m);
  const out = noise.map((v, at) => {
    const place = labels[Math.floor(at / m)]! * m + (at % m);
    return mean!.data[place]! + deviation!.data[place]! * v;
  });
  return new Tensor(out, [labels.length, m], "float32");
}
