import type { Array as Traced } from "@jax-js/jax";
import { flatPoints, innerProducts, type Kernel, type Rows, squaredNorms } from "./kernel.ts";

/** The polynomial kernel k(x, y) = (x·y / d + 1)^degree over points of d numbers (Bińkowski et al. 2018 with degree 3). */
export function polynomialKernel(degree: number): Kernel {
  const of = (products: Traced, d: number): Traced => {
    const base = products.mul(1 / d).add(1);
    let power = base.ref;
    for (let k = 1; k < degree; k++) power = power.mul(base.ref);
    base.dispose();
    return power;
  };
  return {
    name: `polynomial kernel, degree ${degree}`,
    parameters: {},
    matrix(_parameters, x, y) {
      const [a, b] = [flatPoints(x), flatPoints(y)];
      const d = a.shape[1]!;
      return of(innerProducts(a, b), d);
    },
    diagonal(_parameters, x) {
      const a = flatPoints(x);
      const d = a.shape[1]!;
      return of(squaredNorms(a), d);
    },
    exact: (x, y) => polynomial64(x, y, degree),
  };
}

function polynomial64(x: Rows, y: Rows, degree: number): Float64Array {
  const out = new Float64Array(x.count * y.count);
  for (let i = 0; i < x.count; i++)
    for (let j = 0; j < y.count; j++) {
      let product = 0;
      for (let k = 0; k < x.length; k++) product += x.data[i * x.length + k]! * y.data[j * x.length + k]!;
      out[i * y.count + j] = (product / x.length + 1) ** degree;
    }
  return out;
}
