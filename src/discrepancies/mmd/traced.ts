import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { referenced, released } from "../../engine/index.ts";
import type { Kernel, TracedTree } from "../../hypotheses/kernels/index.ts";

/**
 * Biased MMD² of two equally weighted sets as a traced function of both, for methods that minimise it (M3D, §5.1.4):
 * [n, …], [m, …] → scalar, differentiable twice in the points. Consumes all it is given.
 */
export function squaredMmd(kernel: Kernel): (parameters: TracedTree, x: Traced, y: Traced) => Traced {
  return (parameters, x, y) => {
    const mean = (a: Traced, b: Traced) => np.mean(kernel.matrix(referenced(parameters), a, b));
    const value = mean(x.ref, x.ref).add(mean(y.ref, y.ref)).sub(mean(x, y).mul(2));
    released(parameters);
    return value;
  };
}
