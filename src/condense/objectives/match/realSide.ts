import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Statistic } from "../../../data/reader.ts";
import {
  mapSamples,
  multiplyAdds,
  resultShapes,
  type SampleMap,
  type SampleSum,
  sumOverSamples,
  Tensor,
  zeros,
} from "../../../engine/index.ts";
import type { Hypothesis, Network, TracedParams } from "../../../hypotheses/index.ts";
import type { Features } from "../../../views/index.ts";
import type { RealBatch } from "../../realBatch.ts";
import type { Tensors } from "../../state.ts";
import { mapped, type TracedTerm } from "./terms.ts";

/** A tree of host tensors whose leaves' first axis counts the groups. */
export type HostTree = { readonly [name: string]: Tensor | HostTree };

type Fixed = { params: TracedParams; draws: Record<string, Features> };
type ForMeans = { images: Traced; members: Traced };
export type ForGradients = { images: Traced; targets: Traced };

/** Samples at a time of each kind of sum. */
export type Chunks = Readonly<Record<string, number>>;

/** A statistic of a real batch. */
export type BatchStatistic<S> = Omit<Statistic<S>, "of" | "perSample"> & {
  readonly of: (batch: RealBatch) => Promise<S>;
  readonly perSample: (batch: RealBatch) => AsyncIterable<S>;
};

/** The values that terms are held against: trees by term, and images and targets where gradients are summed up in a program. */
export interface RealValues {
  readonly trees: Record<string, HostTree>;
  readonly summands?: { readonly images: Tensor; readonly targets: Tensor };
}

/**
 * The views of T that a set of terms needs, without gradient: sums in cache-sized chunks where a mean is enough, rows where
 * a term compares samples. One pass for all means, one for all gradients.
 */
export class RealSide {
  private readonly averaged: readonly TracedTerm[];
  private readonly differentiated: readonly TracedTerm[];
  private readonly kept: readonly TracedTerm[];
  private readonly means: SampleSum<Fixed, ForMeans, Record<string, Features>>;
  private readonly gradients: SampleSum<TracedParams, ForGradients, Record<string, TracedParams>>;
  private readonly rows: SampleMap<Fixed, Traced, Record<string, Features>>;

  constructor(
    private readonly network: Network,
    terms: readonly TracedTerm[],
  ) {
    const of = (kind: TracedTerm["real"]) => terms.filter((t) => t.real === kind);
    this.averaged = of("means");
    this.differentiated = of("gradients");
    this.kept = terms.filter((t) => t.real === "rows" && !t.comparison?.target);
    const name = (own: readonly TracedTerm[]) =>
      `${[...new Set(own.map((t) => t.name))].join(", ")} of ${network.spec.name}`;
    this.means = sumOverSamples((fixed: Fixed, samples: ForMeans) => this.sumsOf(fixed, samples), {
      name: `sums of ${name(this.averaged)}`,
    });
    this.gradients = sumOverSamples(
      (params: TracedParams, samples: ForGradients) => this.gradientsOf(params, samples),
      {
        name: `sums of ${name(this.differentiated)}`,
      },
    );
    this.rows = mapSamples(
      (fixed: Fixed, images: Traced) => this.valuesOf(this.kept, fixed, images),
      `rows of ${name(this.kept)}`,
    );
  }

  private valuesOf(terms: readonly TracedTerm[], { params, draws }: Fixed, images: Traced): Record<string, Features> {
    return byTerm(terms, (term) =>
      term.values!(this.network, referenced(params), images.ref, referencedFeatures(draws[term.key] ?? {})),
    );
  }

  /** Σ over samples of every value, class by class, as one product with the one-hot membership. */
  private sumsOf(fixed: Fixed, { images, members }: ForMeans): Record<string, Features> {
    const values = this.valuesOf(this.averaged, fixed, images);
    const summed = (v: Traced) => np.matmul(members.ref.transpose(), v);
    return Object.fromEntries(Object.entries(values).map(([name, v]) => [name, mapped(v, summed)]));
  }

  /** True where gradients enter, and only for terms over single classes. */
  get gradientsByClass(): boolean {
    return this.differentiated.length > 0 && this.differentiated.every((t) => t.over === "class");
  }

  /** The gradient of the loss, summed over some samples, for each of the gradients' terms. */
  gradientsOf(params: TracedParams, { images, targets }: ForGradients): Record<string, TracedParams> {
    return byTerm(this.differentiated, (term) =>
      term.gradient!(this.network, referenced(params), images.ref, targets.ref),
    );
  }

  /** The number of samples at a time of each kind of sum, by the engine's rule. */
  async chunks(hypothesis: Hypothesis, batch: RealBatch, draws: Record<string, Tensors>): Promise<Chunks> {
    const { params } = hypothesis;
    const out: Record<string, number> = {};
    if (this.averaged.length > 0)
      out.means = await this.means.chunkFor({ params, draws }, { images: batch.images, members: batch.members });
    if (this.differentiated.length > 0) out.gradients = await this.gradients.chunkFor(params, this.group(batch, 0));
    return out;
  }

  /**
   * The statistic of a batch that holds all that the terms read of it.
   *
   * @param together whether gradients are left to a program that sums them up itself: their summands are then images and
   * targets [groups, each, …]. @param sensitivity the largest norm of a sample's share of the sums
   */
  statistic(
    hypothesis: Hypothesis,
    draws: Record<string, Tensors>,
    chunks: Chunks,
    together: boolean,
    sensitivity: number,
  ): BatchStatistic<RealValues> {
    const terms = [...this.averaged, ...this.differentiated, ...this.kept];
    return {
      name: terms.map((term) => term.name).join(", ") || "nothing",
      sensitivity: terms.length === 0 ? 0 : sensitivity,
      perSample: (batch) => this.eachAlone(hypothesis, batch, draws),
      of: async (batch) => ({
        trees: await this.measure(hypothesis, batch, draws, chunks, !together),
        ...(together && { summands: byGroup(batch) }),
      }),
    };
  }

  /** The values by term: means [groups, k], mean gradients [groups, …shape] unless left out, rows [groups, each, k]. */
  async measure(
    { params }: Hypothesis,
    batch: RealBatch,
    draws: Record<string, Tensors>,
    chunks: Chunks,
    gradients = true,
  ): Promise<Record<string, HostTree>> {
    const out: Record<string, HostTree> = {};
    const fixed = { params, draws };
    if (this.averaged.length > 0) {
      const samples = { images: batch.images, members: batch.members };
      const sums = await this.means(fixed, samples, chunks.means);
      for (const [name, own] of Object.entries(sums)) out[name] = leafwise(own, (t) => divided(t, batch.each));
    }
    if (gradients && this.differentiated.length > 0) {
      const parts: Record<string, HostTree>[] = [];
      for (let g = 0; g < batch.groups; g++) {
        const sums = await this.gradients(params, this.group(batch, g), chunks.gradients);
        parts.push(sums);
      }
      for (const { key } of this.differentiated)
        out[key] = stacked(parts.map((p) => leafwise(p[key]!, (t) => divided(t, batch.each))));
    }
    if (this.kept.length > 0)
      for (const [name, own] of Object.entries(await this.rows(fixed, batch.images)))
        out[name] = leafwise(own, (t) => t.reshape([batch.groups, batch.each, t.shape[1]!]));
    return out;
  }

  /**
   * The values of each image of a batch alone, gradients among them, leaves [1, …]: the mean of those of a group is what
   * {@link measure} gives of it. No network of a run has statistics over a batch, so that an image's values are its own.
   */
  private async *eachAlone(
    hypothesis: Hypothesis,
    batch: RealBatch,
    draws: Record<string, Tensors>,
  ): AsyncGenerator<RealValues> {
    const chunks = { means: 1, gradients: 1 };
    for (let i = 0; i < batch.groups * batch.each; i++)
      yield { trees: await this.measure(hypothesis, alone(batch, i), draws, chunks) };
  }

  private group({ images, targets, each }: RealBatch, g: number) {
    return { images: images.rows(g * each, (g + 1) * each), targets: targets.rows(g * each, (g + 1) * each) };
  }

  /** The result that {@link measure} would return, as zeros. */
  async shapes(
    { params }: Hypothesis,
    batch: RealBatch,
    draws: Record<string, Tensors>,
  ): Promise<Record<string, HostTree>> {
    const out: Record<string, HostTree> = {};
    const images = batch.images.rows(0, 1);
    const grow = (axes: readonly number[], tree: HostTree) =>
      leafwise(tree, (t) => zeros([...axes, ...t.shape.slice(axes.length - 1)]));
    const valued = [...this.averaged, ...this.kept];
    const values = await resultShapes<Record<string, HostTree>>(
      (f: Fixed, x: Traced) => this.valuesOf(valued, f, x),
      [{ params, draws }, images],
      "views",
    );
    for (const { key, real } of valued)
      out[key] = grow(real === "means" ? [batch.groups] : [batch.groups, batch.each], values[key]!);
    for (const { key } of this.differentiated) out[key] = leafwise(params, (t) => zeros([batch.groups, ...t.shape]));
    return out;
  }

  /** Multiply-adds for one real image. */
  async multiplyAdds({ params }: Hypothesis, batch: RealBatch, draws: Record<string, Tensors>): Promise<number> {
    const [images, members, targets] = [batch.images.rows(0, 1), batch.members.rows(0, 1), batch.targets.rows(0, 1)];
    let count = 0;
    const fixed = { params, draws };
    if (this.averaged.length > 0)
      count += await multiplyAdds(
        (f: Fixed, s: ForMeans) => this.sumsOf(f, s),
        [fixed, { images, members }],
        "sums of views",
      );
    if (this.differentiated.length > 0)
      count += await multiplyAdds(
        (p: TracedParams, s: ForGradients) => this.gradientsOf(p, s),
        [params, { images, targets }],
        "gradients",
      );
    if (this.kept.length > 0)
      count += await multiplyAdds(
        (f: Fixed, x: Traced) => this.valuesOf(this.kept, f, x),
        [fixed, images],
        "rows of views",
      );
    return count;
  }

  dispose(): void {
    this.means.dispose();
    this.gradients.dispose();
    this.rows.dispose();
  }
}

/** One image of a batch as a batch. */
const alone = ({ images, targets }: RealBatch, i: number): RealBatch => ({
  images: images.rows(i, i + 1),
  targets: targets.rows(i, i + 1),
  members: new Tensor(Float32Array.of(1), [1, 1], "float32"),
  groups: 1,
  each: 1,
});

/** Images and targets, [groups, each, …]. */
function byGroup({ images, targets, groups, each }: RealBatch) {
  const own = (t: Tensor) => t.reshape([groups, each, ...t.shape.slice(1)]);
  return { images: own(images), targets: own(targets) };
}

function byTerm<T>(terms: readonly TracedTerm[], make: (term: TracedTerm) => T): Record<string, T> {
  return Object.fromEntries(terms.map((term) => [term.key, make(term)]));
}

/** The tree with a reference to every array, so that another use may consume it. */
export function referenced(params: TracedParams): TracedParams {
  return Object.fromEntries(Object.entries(params).map(([layer, own]) => [layer, referencedFeatures(own)]));
}

export const referencedFeatures = (values: Features): Features => mapped(values, (v) => v.ref);

export function leafwise(tree: HostTree, change: (t: Tensor) => Tensor): HostTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [name, node instanceof Tensor ? change(node) : leafwise(node, change)]),
  );
}

const divided = (t: Tensor, by: number) => t.map((v) => v / by);

/** Trees of one form as one, their leaves stacked along a new first axis. */
function stacked(trees: readonly HostTree[]): HostTree {
  return Object.fromEntries(
    Object.entries(trees[0]!).map(([name, node]) => {
      const nodes = trees.map((t) => t[name]!);
      if (!(node instanceof Tensor)) return [name, stacked(nodes as HostTree[])];
      return [name, Tensor.stack(nodes as Tensor[])];
    }),
  );
}
