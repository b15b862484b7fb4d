import { jvp, numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, integer, number, work, zipTrees } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { declareDirectional } from "../trick.ts";

/**
 * The loss of S must curve as that of T does (LCMat; Shin et al. 2023): ½ λ of the largest eigenvalue λ of H_T − H_S. Its
 * eigenvector v comes from power iteration on Hessian-vector products of both sides; λ = vᵀ(H_T − H_S)v moves with S as
 * −vᵀH_S v does while v stands still, so that one second derivative along v is all that S is differentiated through.
 */
export const lossCurvature = declareDirectional({
  kind: "directional",
  title: "largest eigenvalue of the Hessian of T beyond that of S",
  formula: "½ λ_max( H_T(h) − H_S(h) )",
  reference: "§5.3.2, loss curvature regularization",
  citation: work(
    "S. Shin, H. Bae, D. Shin, W. Joo and I.-C. Moon",
    2023,
    "Loss-Curvature Matching for Dataset Selection and Condensation",
    "AISTATS",
  ),
  values: { refused: "it reads the curvature of the cross-entropy" },
  options: {
    weight: number(1, 0, undefined, "ρ, of the term"),
    layers: choice("head", ["head", "all"], "parameters whose Hessian it is: of the last layer, or all"),
    iterations: integer(8, 1, 1000, "Hessian-vector products of each side a step"),
    images: integer(
      32,
      1,
      undefined,
      "images of a real class in a step that stand for H_T, at most those of the batch",
    ),
  },
  readsLabels: true,
  main: "weight",
  refuses: (_options, { hypotheses }) => (hypotheses === 0 ? "the method looks through no network" : undefined),
  directions: ({ layers, iterations, images }) => ({
    along: "curvature",
    layers: layers as "head" | "all",
    iterations,
    images,
  }),
  make:
    () =>
    ({ loss, params, vectors, curvature }) =>
      curvature.sub(secondDerivative((step) => loss(moved(params, vectors, step)))).mul(0.5),
});

/** f″(0). */
function secondDerivative(f: (step: Traced) => Traced): Traced {
  const slope = (step: Traced): Traced => {
    const [value, tangent] = jvp(f, [step], [np.ones([])]) as [Traced, Traced];
    value.dispose();
    return tangent;
  };
  const [value, tangent] = jvp(slope, [np.zeros([])], [np.ones([])]) as [Traced, Traced];
  value.dispose();
  return tangent;
}

/** θ + step · v for the one direction of `vectors`, in the layers it has. Consumes all. */
function moved(params: TracedParams, vectors: TracedParams, step: Traced): TracedParams {
  const out = Object.fromEntries(
    Object.entries(params).map(([layer, own]) => [
      layer,
      vectors[layer] ? zipTrees(own, vectors[layer], (p, v) => p.add(v.reshape(v.shape.slice(1)).mul(step.ref))) : own,
    ]),
  );
  step.dispose();
  return out;
}
