import type { Array as Traced } from "@jax-js/jax";
import { reluMoments, reluMoments64, reluProfile, reluTangent } from "./arcCosine.ts";
import { checkDepth, type Limit, type Prior, type Variances, variances } from "./infiniteWidth.ts";
import { innerProducts64, squaredNorm64 } from "./innerProducts64.ts";
import { flatPoints, innerProducts, type Kernel, type Rows, squaredNorms } from "./kernel.ts";

export interface FullyConnectedOptions extends Prior {
  /** Hidden layers, each followed by a ReLU; 1, KIP's FC1, when left out. */
  readonly depth?: number;
}

/**
 * NTK or NNGP kernel of infinitely wide fully connected ReLU networks over flattened points, in closed form (Jacot et al. 2018,
 * Lee et al. 2018). With q₀ = T₀ = σ_w²⟨x, y⟩/d + σ_b² each hidden layer makes q ← σ_w² E[relu relu] + σ_b² and
 * T ← q + σ_w² E[relu′ relu′] T; the NNGP kernel is q, the NTK is T.
 *
 * @throws AttarError "invalid-kernel" for a depth that is no whole number from 1 or negative standard deviations.
 */
export function fullyConnectedKernel(limit: Limit, options: FullyConnectedOptions = {}): Kernel {
  const { depth = 1 } = options;
  checkDepth(depth);
  const v = variances(options);
  const ofProducts = (xy: Traced, xOwn: Traced, yOwn: Traced, length: number): Traced => {
    const covariance = (products: Traced) => products.mul(v.weight / length).add(v.bias);
    let q = covariance(xy);
    let [xx, yy] = [covariance(xOwn), covariance(yOwn)];
    // After one layer the tangent kernel is q + σ_w² E[relu′ relu′] q₀: one function of q₀.
    let tangent = reluTangent(q.ref, xx.ref, yy.ref).mul(v.weight).add(v.bias);
    for (let layer = 0; layer < depth; layer++) {
      const { value, derivative } = reluMoments(q, xx.ref, yy.ref);
      q = value.mul(v.weight).add(v.bias);
      if (layer > 0) tangent = q.ref.add(derivative.mul(v.weight).mul(tangent));
      else derivative.dispose();
      [xx, yy] = [afterRelu(xx, v), afterRelu(yy, v)];
    }
    for (const unused of [xx, yy, limit === "ntk" ? q : tangent]) unused.dispose();
    return limit === "ntk" ? tangent : q;
  };
  return {
    name: `${limit} of ${depth} fully connected layers, variances ${v.weight} and ${v.bias}`,
    parameters: {},
    ofProducts,
    angular:
      depth === 1 ? { ...v, scale: v.weight / (2 * Math.PI), offset: v.bias, profile: reluProfile[limit] } : undefined,
    matrix(_, x, y) {
      const [a, b] = [flatPoints(x), flatPoints(y)];
      const length = a.shape[1]!;
      const [xx, yy] = [squaredNorms(a.ref).reshape([-1, 1]), squaredNorms(b.ref).reshape([1, -1])];
      return ofProducts(innerProducts(a, b), xx, yy, length);
    },
    diagonal(_, x) {
      let q = meanSquare(flatPoints(x), v);
      let tangent = q.ref;
      for (let layer = 0; layer < depth; layer++) {
        q = afterRelu(q, v);
        tangent = q.ref.add(tangent.mul(v.weight / 2));
      }
      (limit === "ntk" ? q : tangent).dispose();
      return limit === "ntk" ? tangent : q;
    },
    ofProducts64(products, n, length) {
      const own = Float64Array.from({ length: n }, (_, i) => products[i * n + i]!);
      return fullyConnected64({ limit, depth, v }, products, [own, own], length);
    },
    exact(x, y) {
      const own = ({ data, count, length }: Rows) =>
        Float64Array.from({ length: count }, (_, i) => squaredNorm64(data, i * length, length));
      return fullyConnected64({ limit, depth, v }, innerProducts64(x, y), [own(x), own(y)], x.length);
    },
  };
}

/** q₀(x, x) of every row. */
const meanSquare = (x: Traced, v: Variances): Traced => {
  const [, length] = x.shape as [number, number];
  return squaredNorms(x)
    .mul(v.weight / length)
    .add(v.bias);
};

/** q(x, x) of the next layer: E[relu(u)²] = q / 2. */
const afterRelu = (q: Traced, v: Variances): Traced => q.mul(v.weight / 2).add(v.bias);

/**
 * The kernel of products of pairs, [count of xx, count of yy]; of a set with itself the lower triangle is computed and
 * turned over.
 */
function fullyConnected64(
  { limit, depth, v }: { limit: Limit; depth: number; v: Variances },
  products: Float64Array,
  [xOwn, yOwn]: readonly [Float64Array, Float64Array],
  length: number,
): Float64Array {
  const covariance = (product: number) => (v.weight * product) / length + v.bias;
  const out = new Float64Array(products.length);
  const [n, m] = [xOwn.length, yOwn.length];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < (xOwn === yOwn ? i + 1 : m); j++) {
      let [q, xx, yy] = [covariance(products[i * m + j]!), covariance(xOwn[i]!), covariance(yOwn[j]!)];
      let tangent = q;
      for (let layer = 0; layer < depth; layer++) {
        const { value, derivative } = reluMoments64(q, xx, yy);
        q = v.weight * value + v.bias;
        tangent = q + v.weight * derivative * tangent;
        xx = (v.weight * xx) / 2 + v.bias;
        yy = (v.weight * yy) / 2 + v.bias;
      }
      out[i * m + j] = limit === "ntk" ? tangent : q;
      if (xOwn === yOwn) out[j * m + i] = out[i * m + j]!;
    }
  return out;
}
