import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { gradientOf, sumsAndRows, tensor } from "../../../engine/index.ts";
import type { Kernel } from "../../kernels/kernel.ts";
import type { NamedTraced } from "../innerLoss.ts";
import { matrixPasses } from "./matrixPasses.ts";
import type { TracedFit } from "./passes.ts";
import { productPasses } from "./productPasses.ts";
import { halfMeanSquare, type KernelRidge, type KernelRidgeOptions, solved, throughSolve } from "./ridge.ts";

/** Ridge regression through kernel matrices: K_SS whole, k(T, S) in blocks of T's samples. */
export function ridgeByKernel(kernel: Kernel, options: KernelRidgeOptions): KernelRidge {
  const { executor, loss = halfMeanSquare, precision = "float32" } = options;
  const { ofProducts, ofProducts64 } = kernel;
  const passes =
    ofProducts && ofProducts64
      ? productPasses({ ...kernel, ofProducts, ofProducts64 }, options)
      : matrixPasses(kernel, options);
  const predictions = sumsAndRows(
    ({ parameters, images, alpha }: TracedFit, real: { images: Traced }) => ({
      sums: {},
      rows: np.matmul(kernel.matrix(parameters, real.images, images), alpha),
    }),
    { name: `kernel ridge regression with ${kernel.name}`, executor },
  );
  const slopes = sumsAndRows(
    (
      { parameters, images, alpha, learned }: TracedFit & { learned: NamedTraced },
      real: { images: Traced; labels: Traced },
    ) => {
      const value = (x: Traced) => loss(np.matmul(kernel.matrix(parameters, x, images), alpha), real.labels, learned);
      return { sums: {}, rows: gradientOf(value)(real.images) };
    },
    { name: `slope of kernel ridge regression with ${kernel.name}`, executor },
  );
  const part = (count: number) => realPart(count, kernel.blockSide);
  return {
    async fit(data, parameters = kernel.parameters) {
      const { matrix, partials } = await passes.gram(parameters, data.images, precision);
      const { system, alpha } = solved(matrix, data, options);
      return { data, parameters, system, alpha, partials };
    },
    async lossAndGradient(fit, real, learned = {}) {
      const count = real.images.shape[0]!;
      const outer = await passes.outer(fit, real, learned, part(count));
      const { labels, diagonal } = throughSolve(fit, outer.alpha.data, options);
      const cotangent = { labels, alpha: fit.alpha, diagonal: tensor(diagonal) };
      const images = await passes.pullback(fit, cotangent, outer.points);
      return { loss: outer.loss, images, labels, learned: outer.learned };
    },
    async slope({ data, parameters, alpha }, real, learned = {}) {
      const fixed = { parameters, images: data.images, alpha, learned };
      const { rows } = await slopes(fixed, { images: real.images, labels: real.labels }, part(real.images.shape[0]!));
      return rows;
    },
    async predict({ data, parameters, alpha }, images) {
      const fixed = { parameters, images: data.images, alpha };
      const { rows } = await predictions(fixed, { images }, part(images.shape[0]!));
      return rows;
    },
    dispose() {
      passes.dispose();
      predictions.dispose();
      slopes.dispose();
    },
  };
}

/**
 * Samples of T at a time: all where two blocks of the usual size hold them, for one such program keeps every core busy, else an
 * even number of parts. Depends on the number alone.
 */
function realPart(count: number, side = 512): number {
  if (side >= 512 && count <= 2 * side) return count;
  return Math.ceil(count / (2 * Math.ceil(count / (2 * side))));
}
