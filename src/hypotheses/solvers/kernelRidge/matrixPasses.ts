import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, gradientOf, sumOverSamples, tensor } from "../../../engine/index.ts";
import { type Kernel, rowsOf, type TracedTree } from "../../kernels/kernel.ts";
import type { NamedTraced } from "../innerLoss.ts";
import { type GramCotangent, gramCotangent, type KernelPasses, type TracedFit, type TracedReal } from "./passes.ts";
import { halfMeanSquare, type KernelRidgeOptions, outerMeans, outerSums } from "./ridge.ts";

/** The passes of any kernel, whose matrix is differentiated as a whole. */
export function matrixPasses(kernel: Kernel, { executor, loss = halfMeanSquare }: KernelRidgeOptions): KernelPasses {
  const { name } = kernel;
  const gram = compile((parameters: TracedTree, x: Traced) => kernel.matrix(parameters, x.ref, x), {
    name: `kernel matrix of ${name}`,
    executor,
  });
  const pullback = compile(
    (parameters: TracedTree, x: Traced, cotangent: GramCotangent<Traced>, points: NamedTraced) => {
      const bar = gramCotangent(cotangent, x.shape[0]!);
      const through = gradientOf((z: Traced) => np.sum(kernel.matrix(parameters, z, x).mul(bar)))(x.ref);
      return through.add(points.sum!.div(points.count!));
    },
    { name: `derivative of the kernel matrix of ${name}`, executor },
  );
  const outer = sumOverSamples(
    ({ parameters, images, alpha, learned }: TracedFit & { learned: NamedTraced }, real: TracedReal) => {
      const value = (x: Traced, a: Traced, l: NamedTraced) =>
        loss(np.matmul(kernel.matrix(parameters, real.images, x), a), real.labels, l);
      return outerSums(value, images, alpha, learned);
    },
    { name: `loss of kernel ridge regression with ${name}`, executor },
  );
  return {
    async gram(parameters, images, precision) {
      const rows = rowsOf(images);
      const exact = precision === "float64" ? kernel.exact?.(rows, rows) : undefined;
      if (exact) return { matrix: exact };
      return { matrix: (await gram(parameters, images)).data };
    },
    async outer({ data, parameters, alpha }, real, learned, part) {
      const count = real.images.shape[0]!;
      const fixed = { parameters, images: data.images, alpha, learned };
      const sums = await outer(fixed, { images: real.images, labels: real.labels }, part);
      const mean = outerMeans(sums, count);
      const points = { sum: sums.images, count: tensor(count) };
      return { loss: mean.loss.item(), alpha: mean.hypothesis, learned: mean.learned, points };
    },
    async pullback({ data, parameters }, cotangent, points) {
      return pullback(parameters, data.images, cotangent, points);
    },
    dispose() {
      for (const compiled of [gram, pullback, outer]) compiled.dispose();
    },
  };
}
