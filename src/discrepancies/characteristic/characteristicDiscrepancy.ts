import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { characteristicSums } from "./characteristicFunction.ts";

/**
 * The squared L2 characteristic discrepancy of two uniformly weighted sets, for methods that minimise it: the mean over the
 * frequencies of |F_x(t) − F_y(t)|² (§3). Points [n, d] and [m, d], frequencies [k, d]; a scalar. Consumes all three.
 */
export function characteristicDiscrepancy(x: Traced, y: Traced, frequencies: Traced): Traced {
  const f = meanCharacteristic(x, frequencies.ref);
  const g = meanCharacteristic(y, frequencies);
  const squares = np.square(f.real.sub(g.real)).add(np.square(f.imaginary.sub(g.imaginary)));
  const k = squares.shape[0]!;
  return np.sum(squares).mul(1 / k);
}

function meanCharacteristic(points: Traced, frequencies: Traced) {
  const n = points.shape[0]!;
  return characteristicSums(frequencies, { points, weights: np.full([n], 1 / n) });
}
