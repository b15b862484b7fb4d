import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, gradientOf, samplesAtATime, sumOverSamples, sumsAndRows, tensor } from "../../../engine/index.ts";
import type { Kernel, TracedTree } from "../../kernels/kernel.ts";
import { product, transposed, transposedProduct } from "../hostMatrix.ts";
import type { NamedTraced } from "../innerLoss.ts";
import {
  halfMeanSquare,
  type KernelRidge,
  type KernelRidgeOptions,
  outerMeans,
  outerSums,
  solved,
  throughSolve,
} from "./ridge.ts";

type Parameters = { parameters: TracedTree };
type Images = { images: Traced };
type Head = Parameters & { head: Traced };

/**
 * Ridge regression through a kernel's features: the hypothesis is a last linear layer, φ(T) is computed once and without
 * gradient, and the matrix k(T, S) never is.
 */
export function ridgeByFeatures(kernel: Kernel, options: KernelRidgeOptions): KernelRidge {
  const { executor, loss = halfMeanSquare, precision = "float32" } = options;
  const { name } = kernel;
  const features = (parameters: TracedTree, x: Traced) => kernel.features!(parameters, x);
  const embedding = sumsAndRows(
    ({ parameters }: Parameters, { images }: Images) => ({ sums: {}, rows: features(parameters, images) }),
    { name: `features of ${name}`, executor },
  );
  const gram = compile((phi: Traced) => np.matmul(phi.ref, phi.transpose()), {
    name: "products of features",
    executor,
  });
  const outer = sumOverSamples(
    ({ parameters, head, learned }: Head & { learned: NamedTraced }, real: Images & { labels: Traced }) => {
      const phi = features(parameters, real.images);
      // S is not read here: a scalar stands in its place.
      const value = (s: Traced, h: Traced, l: NamedTraced) => loss(np.matmul(phi, h), real.labels, l).add(s.mul(0));
      return outerSums(value, np.zeros([]), head, learned);
    },
    { name: `loss of ridge regression on features of ${name}`, executor },
  );
  type Cotangents = { alpha: Traced; labels: Traced };
  const pullback = sumsAndRows(
    (
      { parameters, gain, head, diagonal }: Head & { gain: Traced; diagonal: Traced },
      { images, alpha, labels }: Images & Cotangents,
    ) => {
      const bar = np.matmul(alpha, gain).sub(np.matmul(labels, head));
      const value = (x: Traced) => {
        const phi = features(parameters, x);
        return np.sum(phi.ref.mul(bar)).add(np.sum(np.square(phi)).mul(diagonal));
      };
      return { sums: {}, rows: gradientOf(value)(images) };
    },
    { name: `derivative of the features of ${name}`, executor },
  );
  const predictions = sumsAndRows(
    ({ parameters, head }: Head, { images }: Images) => ({
      sums: {},
      rows: np.matmul(features(parameters, images), head),
    }),
    { name: `ridge regression on features of ${name}`, executor },
  );
  const slopes = sumsAndRows(
    ({ parameters, head, learned }: Head & { learned: NamedTraced }, real: Images & { labels: Traced }) => {
      const value = (x: Traced) => loss(np.matmul(features(parameters, x), head), real.labels, learned);
      return { sums: {}, rows: gradientOf(value)(real.images) };
    },
    { name: `slope of ridge regression on features of ${name}`, executor },
  );
  return {
    async fit(data, parameters = kernel.parameters) {
      const { rows: phi } = await embedding({ parameters }, { images: data.images });
      const matrix = precision === "float64" ? product(phi, transposed(phi)) : (await gram(phi)).data;
      const { system, alpha, exact } = solved(matrix, data, options);
      const [, classes] = alpha.shape as [number, number];
      const head = tensor(new Float32Array(transposedProduct(phi, exact)), [phi.shape[1]!, classes]);
      return { data, parameters, system, alpha, features: phi, head };
    },
    async lossAndGradient(fit, real, learned = {}) {
      const { data, parameters, alpha, head, features: phi } = fit as Required<typeof fit>;
      const count = real.images.shape[0]!;
      const samples = { images: real.images, labels: real.labels };
      const sums = await outer({ parameters, head, learned }, samples, samplesAtATime(count));
      const mean = outerMeans(sums, count);
      const { labels, diagonal } = throughSolve(fit, product(phi, mean.hypothesis), options);
      // Φ̄ = α V̄ᵀ + (K̄ + K̄ᵀ) Φ with K̄ = −ȳ αᵀ + c I and Φᵀ α = V.
      const back = transposedProduct(phi, labels.data);
      const gain = tensor(
        (mean.hypothesis.data as Float32Array).map((v, i) => v - back[i]!),
        head.shape,
      );
      const fixed = { parameters, gain: transposed(gain), head: transposed(head), diagonal: tensor(diagonal) };
      const { rows } = await pullback(fixed, { images: data.images, alpha, labels });
      return { loss: mean.loss.item(), images: rows, labels, learned: mean.learned };
    },
    async slope({ parameters, head }, real, learned = {}) {
      const fixed = { parameters, head: head!, learned };
      return (await slopes(fixed, { images: real.images, labels: real.labels })).rows;
    },
    async predict({ parameters, head }, images) {
      const { rows } = await predictions({ parameters, head: head! }, { images });
      return rows;
    },
    dispose() {
      for (const compiled of [embedding, gram, outer, pullback, predictions, slopes]) compiled.dispose();
    },
  };
}
