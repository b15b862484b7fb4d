import { lax, numpy as np, type Array as Traced } from "@jax-js/jax";
import { choice } from "../../engine/index.ts";
import { fullyConnectedKernel, type Limit, nngp, ntk } from "../../hypotheses/kernels/index.ts";
import { overLeaves, traced } from "../traced.ts";
import { usualDepth } from "./infiniteWidth.ts";

/** Kernel values of all rows with one another, [N, k] → [N, N]. Consumes its argument. */
type KernelOf = (of: Traced) => Traced;

/** Bandwidths in units of the mean (squared) distance, as M3D adds kernels up. */
const octaves = [-2, -1, 0, 1, 2].map((k) => 2 ** k);

/**
 * Biased MMD² of two sets of rows, as M3D minimises it (§5.1.4): means of the kernel within and between them, the diagonal
 * included: mean k(S, S) − 2 mean k(S, T) + mean k(T, T). By default k = Σ_{j=−2..2} exp(−‖x − y‖² / (2ʲ b)) with b the mean
 * squared distance of the joined rows, without gradient. T's rows are constants.
 */
export const tracedMmd = traced({
  compares: ["rows"],
  options: {
    kernel: choice(
      "gaussian",
      ["gaussian", "laplacian", "linear", "polynomial", "ntk", "nngp"],
      "five Gaussian or Laplacian kernels added up, ⟨x, y⟩, (⟨x, y⟩ + 1)², or that of infinitely wide fully connected networks of three hidden layers: tangent, or Gaussian process",
      { ntk: ntk.citation, nngp: nngp.citation },
    ),
  },
  make: ({ kernel }) => ({
    between: overLeaves((synthetic, real) => blockMeans(kernels[kernel], synthetic, real)),
  }),
});

const kernels = {
  gaussian: (rows: Traced) => bandwidthMixture(squaredDistances(rows)),
  // The root is rounded off near zero, where it has no derivative; a row's distance to itself is zero.
  laplacian: (rows: Traced) => {
    const between = np.eye(rows.shape[0]!).mul(-1).add(1);
    return bandwidthMixture(np.sqrt(np.maximum(squaredDistances(rows), 1e-6)).mul(between));
  },
  linear: gram,
  polynomial: (rows: Traced) => np.square(gram(rows).add(1)),
  ntk: infiniteWidth("ntk"),
  nngp: infiniteWidth("nngp"),
};

/** The kernel that the measured mmd-ntk and mmd-nngp take by default. */
function infiniteWidth(limit: Limit): KernelOf {
  const { matrix } = fullyConnectedKernel(limit, { depth: usualDepth });
  return (rows) => matrix({}, rows.ref, rows);
}

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
