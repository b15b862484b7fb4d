import { numpy as np, type Array as Traced, tree } from "@jax-js/jax";
import { gradientOf, number, work } from "../../engine/index.ts";
import type { TracedParams } from "../../hypotheses/index.ts";
import { declareDirectional } from "../trick.ts";

/**
 * A step on S must not leave the subspace 𝕊 that an expert's training on T spans (ESP; Ma et al. 2023): L_proj(θ) =
 * ‖θ − Proj_𝕊 θ‖₁ after one step θ − η ∇ℓ(S; θ) from a θ in 𝕊, which is η ‖g − Proj_𝕊 g‖₁ of the gradient g.
 */
export const subspaceProjection = declareDirectional({
  kind: "directional",
  title: "what a step on S has outside the subspace of an expert's training",
  formula: "L_proj = ‖ θ′ − Proj_𝕊 θ′ ‖₁, θ′ = θ − η ∇ℓ(S; θ)",
  reference: "§5.2.2, expert subspace projection",
  citation: work(
    "Z. Ma, D. Gao, S. Yang, X. Wei and Y. Gong",
    2023,
    "Dataset Condensation via Expert Subspace Projection",
    "Sensors 23(19):8148",
  ),
  values: { refused: "it reads the gradient of the cross-entropy" },
  options: {
    weight: number(1, 0, undefined, "of the term"),
    learningRate: number(0.01, 0, undefined, "η of the step"),
  },
  readsLabels: true,
  main: "weight",
  refuses: (_options, { subspace }) => (subspace ? undefined : "its hypotheses come with no subspace"),
  directions: () => ({ along: "subspace" }),
  make:
    ({ learningRate }) =>
    ({ loss, params, vectors, curvature }) => {
      curvature.dispose();
      const g = gradientOf((p: TracedParams) => loss(p))(params);
      const parts = tree.map(
        (own: Traced, basis: Traced) => np.sum(basis.ref.mul(own.ref.reshape([1, ...own.shape])), axesBut0(basis)),
        g,
        vectors,
      );
      const coordinates = leaves(parts).reduce((sum, part) => sum.add(part));
      const outside = tree.map(
        (own: Traced, basis: Traced) => {
          const k = basis.shape[0]!;
          const inside = np.matmul(coordinates.ref.reshape([1, k]), basis.reshape([k, -1])).reshape(own.shape);
          return np.sum(np.abs(own.sub(inside)));
        },
        g,
        vectors,
      );
      coordinates.dispose();
      return leaves(outside)
        .reduce((sum, part) => sum.add(part))
        .mul(learningRate);
    },
});

const leaves = (params: TracedParams): Traced[] => Object.values(params).flatMap((own) => Object.values(own));

const axesBut0 = (t: Traced): number[] => t.shape.slice(1).map((_, i) => i + 1);
