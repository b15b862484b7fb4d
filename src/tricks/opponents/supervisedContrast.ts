import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";

/**
 * Supervised contrast (Khosla et al. 2020): mean_i −1/|P(i)| Σ_{p∈P(i)} log( e^{⟨z_i, z_p⟩/τ} / Σ_{a≠i} e^{⟨z_i, z_a⟩/τ} ), P(i) the other
 * rows of the class. Consumes unit rows z [n, k] and one-hot targets [n, classes]; every class has two rows at least.
 */
export function supervisedContrast(rows: Traced, targets: Traced, temperature: number): Traced {
  const n = rows.shape[0]!;
  const own = np.eye(n);
  // A row is not its own neighbour: far below every other product, its share of the sum is nothing.
  const scores = np
    .matmul(rows.ref, rows.transpose())
    .mul(1 / temperature)
    .sub(own.ref.mul(4 / temperature + 100));
  const positives = np.matmul(targets.ref, targets.transpose()).mul(own.mul(-1).add(1));
  const counts = np.sum(positives.ref, 1);
  const each = np.sum(positives.mul(nn.logSoftmax(scores, 1)), 1).div(counts);
  return np.mean(each).mul(-1);
}
