import type { Kernel } from "../../kernels/kernel.ts";
import { ridgeByFeatures } from "./byFeatures.ts";
import { ridgeByKernel } from "./byKernel.ts";
import type { KernelRidge, KernelRidgeOptions } from "./ridge.ts";

/**
 * Kernel ridge regression on S (§5.2.2): kernel matrices and their derivatives are compiled, the system between them is solved in
 * float64 on the host, and its derivative is the inverse's rule. T is never held whole: its loss, and what it sends back, are
 * sums over its samples. A kernel with features is used through them.
 *
 * In float32 the matrix is right to 1e-7 of its largest entries, so a λ below that share of the mean diagonal is one in name
 * only; `precision: "float64"` removes the limit for kernels that have an exact form.
 */
export function kernelRidge(kernel: Kernel, options: KernelRidgeOptions = {}): KernelRidge {
  return kernel.features ? ridgeByFeatures(kernel, options) : ridgeByKernel(kernel, options);
}
