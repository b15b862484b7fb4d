import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, sumOverSamples, type Tensor, tensor } from "../../engine/index.ts";
import { type Kernel, rowsOf, type TracedTree } from "../kernels/kernel.ts";
import type { NamedTraced } from "./innerLoss.ts";
import {
  type GramCotangent,
  gramCotangent,
  type KernelPasses,
  type TracedFit,
  type TracedReal,
} from "./kernelPasses.ts";
import { halfMeanSquare, type KernelRidgeOptions, type OuterSums, outerMeans, outerSums } from "./ridge.ts";

/** The passes of any kernel, whose matrix is differentiated as a whole. */
export function matrixPasses(kernel: Kernel, { executor, loss = halfMeanSquare }: KernelRidgeOptions): KernelPasses {
  const { name } = kernel;
  const gram = compile((parameters: TracedTree, x: Traced) => kernel.matrix(parameters, x.ref, x), {
    name: `kernel matrix of ${name}`,
    executor,
  });
  const pullback = compile(
    (
      parameters: TracedTree,
      x: Traced,
      cotangent: GramCotangent<Traced>,
      { sum, count }: { sum: Traced; count: Traced },
    ) => {
      const bar = gramCotangent(cotangent, x.shape[0]!);
      const through = grad((z: Traced) => np.sum(kernel.matrix(parameters, z, x).mul(bar)))(x.ref) as Traced;
      return through.add(sum.div(count));
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
      return { matrix: ((await gram(parameters as never, images as never)) as unknown as Tensor).data };
    },
    async outer({ data, parameters, alpha }, real, learned, part) {
      const count = real.images.shape[0]!;
      const fixed = { parameters, images: data.images, alpha, learned };
      const sums = await outer(fixed as never, { images: real.images, labels: real.labels } as never, part);
      const { images: sum, ...rest } = sums as unknown as OuterSums<Tensor>;
      const mean = outerMeans({ ...rest, images: tensor(0) }, count);
      const points = { sum, count: tensor(count) };
      return { loss: mean.loss.item(), alpha: mean.hypothesis, learned: mean.learned, points };
    },
    async pullback({ data, parameters }, cotangent, points) {
      const whole = await pullback(parameters as never, data.images as never, cotangent as never, points as never);
      return whole as unknown as Tensor;
    },
    dispose() {
      for (const compiled of [gram, pullback, outer]) compiled.dispose();
    },
  };
}
