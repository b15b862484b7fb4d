import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice, work } from "../../engine/index.ts";
import { type Distance, overLeaves } from "../distance.ts";

/** Kernel values from distances or products of all rows, [N, N] → [N, N]. Consumes its argument. */
type KernelOf = (of: Traced) => Traced;

/** Bandwidths in units of the mean (squared) distance, as M3D adds kernels up. */
const octaves = [-2, -1, 0, 1, 2].map((k) => 2 ** k);

/**
 * Biased MMD² of two sets of rows, as M3D minimises it (§5.1.4): means of the kernel within and between them, the diagonal
 * included. Bandwidths are multiples of the mean distance of the joined rows, without gradient. T's rows are constants.
 */
export const mmdDistance: Distance<"rows"> = {
  compares: ["rows"],
  title: "maximum mean discrepancy, squared",
  formula: "mean k(S, S) − 2 mean k(S, T) + mean k(T, T), k = Σ_{j=−2..2} exp(−‖x − y‖² / (2ʲ b))",
  reference: "§2, eq. (1); §5.1.4, M3D",
  citation: [
    work(
      "A. Gretton, K. M. Borgwardt, M. J. Rasch, B. Schölkopf and A. Smola",
      2012,
      "A Kernel Two-Sample Test",
      "Journal of Machine Learning Research 13:723–773",
    ),
    work(
      "H. Zhang, S. Li, P. Wang, D. Zeng and S. Ge",
      2024,
      "M3D: Dataset Condensation by Minimizing Maximum Mean Discrepancy",
      "AAAI",
    ),
  ],
  options: {
    kernel: choice(
      "gaussian",
      ["gaussian", "laplacian", "linear", "polynomial"],
      "five Gaussian or Laplacian kernels added up, ⟨x, y⟩, or (⟨x, y⟩ + 1)²",
    ),
  },
  make({ kernel }) {
    const matrix = kernels[kernel as string]!;
    return { between: overLeaves((synthetic, real) => blockMeans(matrix, synthetic, real)) };
  },
};

const kernels: Record<string, (rows: Traced) => Traced> = {
  gaussian: (rows) => bandwidthMixture(squaredDistances(rows)),
  // The root is rounded off near zero, where it has no derivative; a row's distance to itself is zero.
  laplacian: (rows) => {
    const between = np.eye(rows.shape[0]!).mul(-1).add(1);
    return bandwidthMixture(np.sqrt(np.maximum(squaredDistances(rows), 1e-6)).mul(between));
  },
  linear: gram,
  polynomial: (rows) => np.square(gram(rows).add(1)),
};

function blockMeans(kernel: KernelOf, synthetic: Traced, real: Traced): Traced {
  const [n, m] = [synthetic.shape[0]!, real.shape[0]!];
  const matrix = kernel(np.concatenate([synthetic, real], 0));
  // wᵀ K w with +1/n for rows of S and −1/m for rows of T.
  const w = np.array([...Array(n).fill(1 / n), ...Array(m).fill(-1 / m)], { shape: [1, n + m] });
  return np.matmul(np.matmul(w.ref, matrix), w.transpose()).reshape([]);
}

function gram(rows: Traced): Traced {
  return np.matmul(rows.ref, rows.transpose());
}

/** ‖x_i − x_j‖², rows centred first: less is lost to cancellation. */
function squaredDistances(rows: Traced): Traced {
  const n = rows.shape[0]!;
  const mean = lax.stopGradient(np.mean(rows.ref, 0, { keepdims: true }));
  const products = gram(rows.sub(mean));
  const norms = np.sum(products.ref.mul(np.eye(n)), 1);
  return norms.ref.reshape([n, 1]).add(norms).sub(products.mul(2));
}

function bandwidthMixture(distances: Traced): Traced {
  const n = distances.shape[0]!;
  const mean = lax.stopGradient(np.sum(distances.ref).mul(1 / (n * n - n)));
  const relative = distances.div(mean);
  const parts = octaves.map((octave) => np.exp(relative.ref.mul(-1 / octave)));
  relative.dispose();
  return parts.reduce((sum, part) => sum.add(part));
}
