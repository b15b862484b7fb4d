import { numpy as np } from "@jax-js/jax";
import { integer, number, Tensor } from "../../engine/index.ts";
import { squaredMeanDifference } from "../ipm/meanDifference.ts";
import { overLeaves, traced } from "../traced.ts";

/** The options of both faces. */
export const characteristicOptions = { frequencies: integer(512, 1, undefined, "frequencies drawn") };

/**
 * The squared L2 characteristic discrepancy (§3) at frequencies drawn anew every step, t ~ N(0, (σ²/k) I) for values of
 * length k: under a normalising network values are of unit size, so that phases ⟨t, x − y⟩ are of size σ. Divided by the
 * frequencies' variance it becomes ‖E x − E y‖² as σ → 0, and keeps the learning rate of distribution matching:
 * (k/σ²) E_t |F_S(t) − F_T(t)|².
 */
export const tracedCharacteristic = traced(
  {
    compares: ["means"],
    options: {
      scale: number(1, 1e-6, undefined, "σ: size of the frequencies, in units of 1/√k for values of length k"),
    },
    make: ({ frequencies: count, scale: sigma }) => ({
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
      // cos² + sin² = 1 at each of the frequencies, times k/(count σ²).
      bound: (lengths) => Math.sqrt(Object.values(lengths).reduce((sum, k) => sum + k, 0)) / sigma,
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
    }),
  },
  characteristicOptions,
);
