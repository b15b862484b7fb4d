import { nn, type Array as Traced } from "@jax-js/jax";
import { compile, mapSamples, type RandomKey, type Tensor, tensor } from "../../../engine/index.ts";
import type { Network, Params, TracedParams } from "../../../hypotheses/index.ts";
import {
  crossEntropyOf,
  type Derivatives,
  derivativesOf,
  type LinearMap,
  paramsOf,
  vectorOf,
} from "../../../hypotheses/solvers/index.ts";
import { type CurvatureRequest, curvatureGap, headHessianProduct } from "../../../tricks/index.ts";

/** Images [n, C, H, W] with one-hot labels [n, classes]. */
export interface Labelled {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Directions of the parameters, and how T curves along them. */
export interface CurvedDirections {
  /** Orthonormal, leaves [k, …shape]; layers left out do not take part. */
  readonly vectors: Params;
  /** Σ vᵀ H_T v, a scalar. */
  readonly curvature: Tensor;
}

/** Finds where the loss of T curves most above that of S: the eigenvector of the largest eigenvalue of H_T − H_S (§5.3.2). */
export class Curvature {
  private readonly derivatives: Derivatives;
  private readonly rows;
  private readonly product;

  constructor(network: Network) {
    const name = network.spec.name;
    this.derivatives = derivativesOf(crossEntropyOf(network), { name: `loss of ${name}` });
    this.rows = mapSamples(
      (params: TracedParams, images: Traced) => ({
        embedding: network.embed(referencedHead(params), images.ref),
        probabilities: nn.softmax(network.logits(params, images), -1),
      }),
      `embeddings and probabilities of ${name}`,
    );
    this.product = compile(headHessianProduct, { name: `Hessian-vector product of the head of ${name}` });
  }

  async of(
    params: Params,
    real: Labelled,
    synthetic: Labelled,
    request: CurvatureRequest,
    key: RandomKey,
  ): Promise<CurvedDirections> {
    const like = request.layers === "head" ? { head: params.head! } : params;
    const [ofReal, ofSynthetic] = await Promise.all([real, synthetic].map((set) => this.hessian(params, set, request)));
    const start = key.normal(vectorOf(like).length);
    const { vector, curvature } = await curvatureGap(ofReal!, ofSynthetic!, start, request.iterations);
    return { vectors: stacked(paramsOf(vector, like)), curvature: tensor(curvature) };
  }

  /** v ↦ H v, H the Hessian of the set's mean loss in the layers asked for. */
  private async hessian(params: Params, set: Labelled, { layers }: CurvatureRequest): Promise<LinearMap> {
    if (layers === "all") return (v) => this.derivatives.hessianVector(params, v, set);
    const { embedding, probabilities } = await this.rows(params, set.images);
    return async (v) => {
      const { head } = paramsOf(v, { head: params.head! });
      return vectorOf(await this.product(head!, embedding, probabilities));
    };
  }

  dispose(): void {
    this.derivatives.dispose();
    this.product.dispose();
    this.rows.dispose();
  }
}

const referencedHead = (params: TracedParams): TracedParams =>
  Object.fromEntries(
    Object.entries(params).map(([layer, own]) => [
      layer,
      Object.fromEntries(Object.entries(own).map(([name, t]) => [name, t.ref])),
    ]),
  );

/** One direction as the only one of its kind: a first axis of 1. */
const stacked = (vector: Params): Params =>
  Object.fromEntries(
    Object.entries(vector).map(([layer, own]) => [
      layer,
      Object.fromEntries(Object.entries(own).map(([name, t]) => [name, t.reshape([1, ...t.shape])])),
    ]),
  );
