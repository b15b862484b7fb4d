import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, gradientsOf, sumOverSamples, tensor, valueAndGradients } from "../../../engine/index.ts";
import { flatPoints, innerProducts, type Kernel, squaredNorms } from "../../kernels/kernel.ts";
import type { NamedTraced } from "../innerLoss.ts";
import { angularLoss } from "./angularLoss.ts";
import { type GramCotangent, gramCotangent, type KernelPasses, type TracedFixed, type TracedReal } from "./passes.ts";
import { halfMeanSquare, type KernelRidgeOptions, type PredictionLoss } from "./ridge.ts";

type OfProducts = NonNullable<Kernel["ofProducts"]>;
/** A kernel of inner products, traced and on the host. */
export type ProductKernel = Kernel & Required<Pick<Kernel, "ofProducts" | "ofProducts64">>;
type LossOptions = { readonly name: string; readonly executor?: KernelRidgeOptions["executor"] };

/**
 * The passes of a kernel of inner products, k = f(x·y, x·x, y·y). With W = K̄ ∂f/∂(x·y) and V = K̄ ∂f/∂(x·x), entry by entry, and K̄ that
 * of `gramCotangent`, the derivative of K_SS in S is
 *
 *   W S + 2 diag(V 1) S;
 *
 * the partial derivatives of f are kept from when K_SS was computed, and what comes from k(T, S) is of the same form.
 */
export function productPasses(
  kernel: ProductKernel,
  { executor, loss = halfMeanSquare, precision }: KernelRidgeOptions,
): KernelPasses {
  const { name } = kernel;
  const gram = compile(
    (images: Traced) => {
      const exact = precision === "float64" ? productsIn64(images.ref) : undefined;
      const x = flatPoints(images);
      const [n, length] = x.shape as [number, number];
      const squares = squaredNorms(x.ref);
      const f = (xy: Traced, xx: Traced) => kernel.ofProducts(xy, xx, squares.ref.reshape([1, n]), length);
      const products = innerProducts(x.ref, x);
      const own = np.broadcastTo(squares.ref.reshape([n, 1]), [n, n]);
      const sum = (xy: Traced, xx: Traced) => np.sum(f(xy, xx));
      const matrix = f(products.ref, own.ref);
      const [inProducts, inSquares] = gradientsOf(sum)(products, own);
      return { matrix, partials: { inProducts, inSquares }, ...(exact && { exact }) };
    },
    { name: `kernel matrix of ${name} and its partial derivatives`, executor },
  );
  const named = { name: `loss of kernel ridge regression with ${name}`, executor };
  const outer = kernel.angular ? angularLoss(kernel.angular, loss, named) : lossOfProducts(kernel, loss, named);
  const pullback = compile(
    (images: Traced, partials: NamedTraced, cotangent: GramCotangent<Traced>, points: NamedTraced) => {
      const { shape } = images;
      const n = shape[0]!;
      const bar = gramCotangent(cotangent, n);
      const own = np.sum(bar.ref.mul(partials.inSquares!), 1).add(points.squares!).mul(2);
      const weights = bar.mul(partials.inProducts!).add(np.eye(n).mul(own.reshape([n, 1])));
      return np.matmul(weights, flatPoints(images)).add(points.rows!).reshape(shape);
    },
    { name: `derivative of the kernel matrix of ${name}`, executor },
  );
  return {
    async gram(_, images) {
      const { matrix, exact, partials } = await gram(images);
      if (!exact) return { matrix: matrix.data, partials };
      const n = images.shape[0]!;
      return { matrix: kernel.ofProducts64(exact.data as Float64Array, n, images.data.length / n), partials };
    },
    async outer({ data, alpha }, real, learned, part) {
      const share = tensor(1 / real.images.shape[0]!);
      const fixed = { images: data.images, alpha, learned, share };
      const { loss: mean, ...rest } = await outer(fixed, { images: real.images, labels: real.labels }, part);
      return { loss: mean.item(), ...rest };
    },
    async pullback({ data, partials }, cotangent, points) {
      return pullback(data.images, partials!, cotangent, points);
    },
    dispose() {
      for (const compiled of [gram, pullback, outer]) compiled.dispose();
    },
  };
}

/** x·y of all pairs of rows in float64. */
const productsIn64 = (images: Traced): Traced => {
  const x = flatPoints(images).astype(np.float64);
  return innerProducts(x.ref, x);
};

/** The loss through k(T, S) and its derivatives by those of f. */
function lossOfProducts(kernel: { readonly ofProducts: OfProducts }, loss: PredictionLoss, options: LossOptions) {
  return sumOverSamples(({ images, alpha, learned, share }: TracedFixed, real: TracedReal) => {
    const [s, t] = [flatPoints(images), flatPoints(real.images)];
    const length = s.shape[1]!;
    const xx = squaredNorms(t.ref).reshape([-1, 1]);
    const value = (xy: Traced, yy: Traced, a: Traced, l: NamedTraced) =>
      loss(np.matmul(kernel.ofProducts(xy, xx, yy, length), a), real.labels, l).mul(share);
    const products = innerProducts(t.ref, s.ref);
    const squares = squaredNorms(s).reshape([1, -1]);
    const [mean, [inProducts, inSquares, inAlpha, inLearned]] = valueAndGradients(value)(
      products,
      squares,
      alpha,
      learned,
    );
    const points = { rows: np.matmul(inProducts.transpose(), t), squares: inSquares.reshape([-1]) };
    return { loss: mean, alpha: inAlpha, learned: inLearned, points };
  }, options);
}
