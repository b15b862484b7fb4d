import { numpy as np } from "@jax-js/jax";
import { integer, number, Tensor, work } from "../../engine/index.ts";
import { type Distance, overLeaves } from "../distance.ts";
import { squaredMeanDifference } from "../squaredMeanDifference.ts";

/**
 * The squared L2 characteristic discrepancy (§3) at frequencies drawn anew every step, t ~ N(0, (σ²/k) I) for values of
 * length k: under a normalising network values are of unit size, so that phases ⟨t, x − y⟩ are of size σ. Divided by the
 * frequencies' variance it becomes ‖E x − E y‖² as σ → 0, and keeps the learning rate of distribution matching.
 */
export const characteristicDistance: Distance<"means"> = {
  compares: ["means"],
  title: "characteristic discrepancy, L2",
  formula: "(k/σ²) E_t |F_S(t) − F_T(t)|², F_μ(t) = E_μ exp(i⟨x, t⟩), t ~ N(0, (σ²/k) I)",
  reference: "§3, characteristic discrepancy",
  citation: work(
    "S. Wang, Y. Yang, Z. Liu, C. Sun, X. Hu, C. He and L. Zhang",
    2025,
    "Dataset Distillation with Neural Characteristic Function: A Minmax Perspective",
    "CVPR",
  ),
  options: {
    frequencies: integer(512, 1, undefined, "frequencies drawn in a step"),
    scale: number(1, 1e-6, undefined, "σ: size of the frequencies, in units of 1/√k for values of length k"),
  },
  make({ frequencies, scale }) {
    const [count, sigma] = [frequencies as number, scale as number];
    return {
      between: overLeaves(squaredMeanDifference),
      draws: (key, lengths) =>
        Object.fromEntries(
          Object.entries(lengths).map(([name, k]) => {
            const data = key
              .fold(name)
              .normal(count * k)
              .map((v) => (v * sigma) / Math.sqrt(k));
            return [name, new Tensor(data, [count, k], "float32")];
          }),
        ),
      lift: (values, draws) =>
        Object.fromEntries(
          Object.entries(values).flatMap(([name, x]) => {
            const factor = Math.sqrt(x.shape[1]! / count) / sigma;
            const phase = np.matmul(x, draws[name]!.transpose());
            return [
              [`${name}/real`, np.cos(phase.ref).mul(factor)],
              [`${name}/imaginary`, np.sin(phase).mul(factor)],
            ];
          }),
        ),
    };
  },
};
