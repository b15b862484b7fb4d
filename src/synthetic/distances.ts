import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { squaredDistance } from "../discrepancies/squaredDistance.ts";
import { compile, Tensor } from "../engine/index.ts";

/** Distances from n points to centres. */
export interface DistancesTo {
  /** ‖x_i − c_k‖² in float64; one above `bound` may be any number above it. */
  of(i: number, k: number, bound?: number): number;
  /** The centre that is surely nearest to point i; −1 where distances have to tell. */
  surelyNearest(i: number): number;
}

/** Distances from points to centres that change. */
export interface Distances {
  /** @param centres [count, d] */
  to(centres: Float32Array): Promise<DistancesTo>;
  dispose(): void;
}

/** Products of a search from which a matrix product costs less than it saves. */
const worthwhile = 1 << 25;

/** What one product of float32 is off by at most as a share: a card may round factors to 11 bits, and sums of d in any order. */
const share = (d: number): number => 2 ** -10 + d * 2 ** -23;

/**
 * Distances from points [n, d], the same everywhere: a matrix product in float32 tells which ones are surely above the bound, and the others
 * are computed in float64.
 */
export function distancesFrom(points: Float32Array, d: number): Distances {
  const n = points.length / d;
  const products = compile((x: Traced, c: Traced) => np.matmul(x, c.transpose()), { name: "products with centres" });
  let lengths: Float64Array | undefined;
  return {
    async to(centres) {
      const count = centres.length / d;
      const exact: DistancesTo["of"] = (i, k, bound) => squaredDistance(points, i, centres, k, d, bound);
      if (n * count * d < worthwhile) return { of: exact, surelyNearest: () => -1 };
      const { data } = await products(
        new Tensor(points, [n, d], "float32"),
        new Tensor(centres, [count, d], "float32"),
      );
      lengths ??= lengthsOf(points, d);
      const [own, others] = [lengths, lengthsOf(centres, d)];
      const near = (i: number, k: number) => own[i]! + others[k]! - 2 * data[i * count + k]!;
      const off = (i: number, k: number) => share(d) * (Math.sqrt(own[i]!) + Math.sqrt(others[k]!)) ** 2;
      return {
        of: (i, k, bound = Number.POSITIVE_INFINITY) => {
          const least = near(i, k) - off(i, k);
          return least > bound ? least : exact(i, k, bound);
        },
        surelyNearest: (i) => {
          let best = 0;
          for (let k = 1; k < count; k++) if (near(i, k) < near(i, best)) best = k;
          const most = near(i, best) + off(i, best);
          for (let k = 0; k < count; k++) if (k !== best && near(i, k) - off(i, k) <= most) return -1;
          return best;
        },
      };
    },
    dispose: () => products.dispose(),
  };
}

/** ‖x_i‖² of rows of length d. */
function lengthsOf(rows: Float32Array, d: number): Float64Array {
  return Float64Array.from({ length: rows.length / d }, (_, i) => {
    let sum = 0;
    for (let j = i * d; j < (i + 1) * d; j++) sum += rows[j]! * rows[j]!;
    return sum;
  });
}
