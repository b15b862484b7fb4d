import { grad, numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, sumOverSamples, sumsAndRows, type Tensor, tensor } from "../../engine/index.ts";
import { type Kernel, rowsOf, type TracedTree } from "../kernels/kernel.ts";
import type { NamedTraced } from "./innerLoss.ts";
import {
  halfMeanSquare,
  type KernelRidge,
  type KernelRidgeOptions,
  type OuterSums,
  outerMeans,
  outerSums,
  solved,
  throughSolve,
} from "./ridge.ts";

type Real = { images: Traced; labels: Traced };
type Hypothesis = { parameters: TracedTree; images: Traced; alpha: Traced };

/** Ridge regression through kernel matrices: K_SS whole, k(T, S) in blocks of T's samples. */
export function ridgeByKernel(kernel: Kernel, options: KernelRidgeOptions): KernelRidge {
  const { executor, loss = halfMeanSquare, precision = "float32" } = options;
  const { name } = kernel;
  const gram = compile((parameters: TracedTree, x: Traced) => kernel.matrix(parameters, x.ref, x), {
    name: `kernel matrix of ${name}`,
    executor,
  });
  const gramPullback = compile(
    (parameters: TracedTree, x: Traced, cotangent: GramCotangent, rest: { sum: Traced; count: Traced }) => {
      const bar = gramCotangent(cotangent, x.shape[0]!);
      const through = grad((z: Traced) => np.sum(kernel.matrix(parameters, z, x).mul(bar)))(x.ref) as Traced;
      return through.add(rest.sum.div(rest.count));
    },
    { name: `derivative of the kernel matrix of ${name}`, executor },
  );
  const outer = sumOverSamples(
    ({ parameters, images, alpha, learned }: Hypothesis & { learned: NamedTraced }, real: Real) => {
      const value = (x: Traced, a: Traced, l: NamedTraced) =>
        loss(np.matmul(kernel.matrix(parameters, real.images, x), a), real.labels, l);
      return outerSums(value, images, alpha, learned);
    },
    { name: `loss of kernel ridge regression with ${name}`, executor },
  );
  const predictions = sumsAndRows(
    ({ parameters, images, alpha }: Hypothesis, real: { images: Traced }) => ({
      sums: {},
      rows: np.matmul(kernel.matrix(parameters, real.images, images), alpha),
    }),
    { name: `kernel ridge regression with ${name}`, executor },
  );
  const part = (count: number) => realPart(count, kernel.blockSide);
  return {
    async fit(data, parameters = kernel.parameters) {
      const rows = rowsOf(data.images);
      const matrix =
        precision === "float64" && kernel.exact
          ? kernel.exact(rows, rows)
          : ((await gram(parameters as never, data.images as never)) as unknown as Tensor).data;
      const { system, alpha } = solved(matrix, data, options);
      return { data, parameters, system, alpha };
    },
    async lossAndGradient(fit, real, learned = {}) {
      const { data, parameters, alpha } = fit;
      const count = real.images.shape[0]!;
      const fixed = { parameters, images: data.images, alpha, learned };
      const sums = await outer(fixed as never, { images: real.images, labels: real.labels } as never, part(count));
      const { images, ...rest } = sums as unknown as OuterSums<Tensor>;
      const mean = outerMeans({ ...rest, images: tensor(0) }, count);
      const { labels, diagonal } = throughSolve(fit, mean.hypothesis.data, options);
      const cotangent = { labels, alpha, diagonal: tensor(diagonal) };
      const whole = (await gramPullback(
        parameters as never,
        data.images as never,
        cotangent as never,
        { sum: images, count: tensor(count) } as never,
      )) as unknown as Tensor;
      return { loss: mean.loss.item(), images: whole, labels, learned: mean.learned };
    },
    async predict({ data, parameters, alpha }, images) {
      const fixed = { parameters, images: data.images, alpha };
      const { rows } = await predictions(fixed as never, { images } as never, part(images.shape[0]!));
      return rows as unknown as Tensor;
    },
    dispose() {
      for (const compiled of [gram, gramPullback, outer, predictions]) compiled.dispose();
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

/** ȳ and α [M, K], and the scalar c. */
type GramCotangent = { labels: Traced; alpha: Traced; diagonal: Traced };

/**
 * K̄ + K̄ᵀ with K̄ = −ȳ αᵀ + c I: a kernel is symmetric, so that the derivative through its first argument alone, with this
 * cotangent, is that through both with K̄.
 */
function gramCotangent({ labels, alpha, diagonal }: GramCotangent, n: number): Traced {
  const half = np.eye(n).mul(diagonal).sub(np.matmul(labels, alpha.transpose()));
  return half.ref.add(half.transpose());
}
