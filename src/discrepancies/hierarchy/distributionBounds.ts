import { Tensor } from "../../engine/index.ts";
import { squaredDifferences } from "../characteristic/index.ts";
import type { EmpiricalMeasure } from "../discrepancy.ts";
import { asRows, dot, weightsOf } from "../measures/index.ts";
import { type Bound, bound } from "./bound.ts";
import { functionSlope } from "./lipschitz.ts";
import { boundedFunctionsIpm } from "./totalVariation.ts";

/** A real function on the points, evaluated for all of one measure: [n]. */
export type TestFunction = (measure: EmpiricalMeasure) => Promise<Float64Array>;

/** A positive-definite kernel as Gram matrices: rows [n, d] and [m, d] → [n, m]. */
export type GramMatrix = (x: Tensor, y: Tensor) => Promise<Tensor> | Tensor;

/** The exact 1-Wasserstein distance for the Euclidean ground distance. */
export type Wasserstein1 = (a: EmpiricalMeasure, b: EmpiricalMeasure) => Promise<number> | number;

/**
 * CD against what dominates it (§3): its L2 norm over frequencies [k, d] by its L∞ norm, that by the IPM over functions bounded
 * by 1 (x ↦ cos(⟨x, t⟩ + φ) is one), and by max ‖t‖·W1, the same function being ‖t‖-Lipschitz, where W1 is given.
 */
export async function characteristicBounds(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  frequencies: Tensor,
  wasserstein1?: number,
): Promise<Bound[]> {
  const squares = await squaredDifferences(a, b, frequencies);
  const sup = Math.sqrt(squares.reduce((most, v) => Math.max(most, v), 0));
  const l2 = Math.sqrt(squares.reduce((sum, v) => sum + v, 0) / squares.length);
  const bounds = [
    bound("CD in L2 <= CD in L∞", l2, sup, "construction"),
    bound("CD in L∞ <= IPM over functions bounded by 1", sup, boundedFunctionsIpm(a, b), "theorem", float32),
  ];
  if (wasserstein1 !== undefined) {
    const [k, d] = frequencies.shape as [number, number];
    let longest = 0;
    for (let j = 0; j < k; j++) longest = Math.max(longest, norm(frequencies.data.subarray(j * d, (j + 1) * d)));
    bounds.push(
      bound(
        "CD in L∞ <= max ‖t‖·W1",
        sup,
        longest * wasserstein1,
        "theorem",
        float32 + relative * longest * wasserstein1,
      ),
    );
  }
  return bounds;
}

/** The amount that characteristic functions, computed in float32, may be off by where the measures are equal. */
const float32 = 1e-5;

/** The share that a linear programme's solution may miss of the distance, and a network's value in float32 of itself. */
const relative = 1e-6;

/**
 * W1 as an IPM (§2): |E_a h − E_b h| <= Lip(h)·W1, Lip(h) the largest |h(x) − h(y)| / ‖x − y‖ over pairs of held-out points.
 * Without two of them it is that over points x of a and y of b, which are all that a coupling of the two measures moves between.
 */
export async function wassersteinBound(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  h: TestFunction,
  wasserstein1: number,
  heldOut: readonly EmpiricalMeasure[] = [],
): Promise<Bound> {
  const [f, g] = [await h(a), await h(b)];
  const elsewhere = await slopeOver(heldOut, h);
  const slope = elsewhere ?? functionSlope(asRows(a), f, asRows(b), g);
  const [left, right] = [Math.abs(expectation(f, a) - expectation(g, b)), slope * wasserstein1];
  // The same point may come out of two chunks with another rounding.
  const largest = [...f, ...g].reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const basis = elsewhere === undefined ? "construction" : "held-out";
  return bound("|E h − E h| <= Lip(h)·W1", left, right, basis, relative * (right + largest));
}

/** The largest slope of h between any two points; undefined where there are no two. */
async function slopeOver(measures: readonly EmpiricalMeasure[], h: TestFunction): Promise<number | undefined> {
  const sides: [Tensor, Float64Array][] = [];
  for (const measure of measures) sides.push([asRows(measure), await h(measure)]);
  if (sides.reduce((count, [, values]) => count + values.length, 0) < 2) return undefined;
  let slope = 0;
  for (const [i, [x, f]] of sides.entries())
    for (const [y, g] of sides.slice(i)) slope = Math.max(slope, functionSlope(x, f, y, g));
  return slope;
}

/**
 * MMD as an IPM (§2, equation 1): |E_a f − E_b f| <= ‖f‖·MMD for f = Σ αᵢ k(zᵢ, ·) in the kernel's space, zᵢ the points of
 * both measures and αᵢ the values of h at them: h smoothed by the kernel. ‖f‖² = αᵀKα.
 */
export async function mmdBound(
  a: EmpiricalMeasure,
  b: EmpiricalMeasure,
  h: TestFunction,
  gram: GramMatrix,
): Promise<Bound> {
  const [x, y] = [asRows(a), asRows(b)];
  const points = new Tensor(
    concatenated(x.data as Float32Array, y.data as Float32Array),
    [x.shape[0]! + y.shape[0]!, x.shape[1]!],
    "float32",
  );
  const kernel = Float64Array.from((await gram(points, points)).data);
  const alpha = Float64Array.from([...(await h(a)), ...(await h(b))]);
  const signed = Float64Array.from([...weightsOf(a), ...weightsOf(b).map((w) => -w)]);
  const n = alpha.length;
  const form = (u: Float64Array, v: Float64Array): number => {
    let sum = 0;
    // A Gram matrix that was rounded is symmetrised: the bound needs an inner product.
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) sum += u[i]! * v[j]! * 0.5 * (kernel[i * n + j]! + kernel[j * n + i]!);
    return sum;
  };
  const [norm2, mmd2] = [Math.max(0, form(alpha, alpha)), Math.max(0, form(signed, signed))];
  const right = Math.sqrt(norm2 * mmd2);
  // Rounded to float32, K + εI is positive definite and K need not be: Cauchy-Schwarz holds for the former.
  const epsilon = n * 2 ** -23 * kernel.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const [aa, ss] = [dot(alpha, alpha) * epsilon, dot(signed, signed) * epsilon];
  const slack = Math.sqrt((norm2 + aa) * (mmd2 + ss)) - right + Math.abs(dot(alpha, signed)) * epsilon;
  return bound("|E f − E f| <= ‖f‖·MMD", Math.abs(form(alpha, signed)), right, "construction", slack);
}

function expectation(values: Float64Array, measure: EmpiricalMeasure): number {
  const weights = weightsOf(measure);
  return values.reduce((sum, v, i) => sum + v * weights[i]!, 0);
}

const norm = (t: ArrayLike<number>): number => Math.hypot(...Array.from(t));

function concatenated(x: Float32Array, y: Float32Array): Float32Array {
  const out = new Float32Array(x.length + y.length);
  out.set(x);
  out.set(y, x.length);
  return out;
}
