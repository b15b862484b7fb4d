import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { Statistic, SummandPart } from "../../../data/reader.ts";
import {
  type GroupMap,
  mapGroups,
  mapSamples,
  multiplyAdds,
  resultShapes,
  type SampleMap,
  type SampleSum,
  size,
  sumOverSamples,
  type Tensor,
  zeros,
} from "../../../engine/index.ts";
import type { Hypothesis, Network, TracedParams } from "../../../hypotheses/index.ts";
import type { Features } from "../../../views/index.ts";
import type { RealBatch } from "../../realBatch.ts";
import type { Tensors } from "../../state.ts";
import { columns, type HostTree, leafwise, leaves, ordered, sideBySide, stacked } from "./hostTree.ts";
import { mapped, type TracedTerm } from "./terms.ts";

type Fixed = { params: TracedParams; draws: Record<string, Features> };
type ForMeans = { images: Traced; members: Traced };
export type ForGradients = { images: Traced; targets: Traced };

/** Samples at a time of each kind of sum. */
export type Chunks = Readonly<Record<string, number>>;

/** The summands of a statistic of a real batch. */
export interface BatchSummands<S> {
  /** @param blank a batch of one image, for its shapes */
  parts(blank: RealBatch): Promise<readonly SummandPart[]>;
  rows(batch: RealBatch): AsyncIterable<Float32Array>;
  from(means: Tensor, blank: RealBatch): Promise<S>;
}

/** A statistic of a real batch. */
export type BatchStatistic<S> = Omit<Statistic<S>, "of" | "summands"> & {
  readonly of: (batch: RealBatch) => Promise<S>;
  readonly summands?: BatchSummands<S>;
};

/** Numbers of summands that are held at once. */
const summandsAtOnce = 1 << 23;

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
  private readonly averagedRows: SampleMap<Fixed, Traced, Record<string, Features>>;
  private readonly gradientRows: GroupMap<TracedParams, ForGradients, Record<string, TracedParams>>;

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
    this.averagedRows = mapSamples(
      (fixed: Fixed, images: Traced) => this.valuesOf(this.averaged, fixed, images),
      `summands of ${name(this.averaged)}`,
    );
    this.gradientRows = mapGroups(
      (params: TracedParams, sample: ForGradients) => {
        const rows = (values: Features) => mapped(values, (v) => v.reshape([1, -1]));
        return Object.fromEntries(
          Object.entries(this.gradientsOf(params, sample)).map(([key, gradient]) => [
            key,
            Object.fromEntries(Object.entries(gradient).map(([layer, own]) => [layer, rows(own)])),
          ]),
        );
      },
      { name: `summands of ${name(this.differentiated)}` },
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
      ...(this.kept.length === 0 && { summands: this.summands(hypothesis, draws) }),
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
   * The summands of each image of a batch: its values where these are averaged, its gradient where gradients are. No network of
   * a run has statistics over a batch, so that an image's values are its own.
   */
  private summands(hypothesis: Hypothesis, draws: Record<string, Tensors>): BatchSummands<RealValues> {
    const { params } = hypothesis;
    const terms = [...this.averaged, ...this.differentiated];
    const shapes = (blank: RealBatch) => this.shapes(hypothesis, { ...blank, groups: 1, each: 1 }, draws);
    const leavesOf = async (blank: RealBatch) => {
      const trees = await shapes(blank);
      return terms.flatMap(({ key, over }) => leaves(trees[key]!).map((leaf) => ({ length: size(leaf.shape), over })));
    };
    const valuesOf = async (images: Tensor) =>
      this.averaged.length > 0 ? this.averagedRows({ params, draws }, images) : {};
    const gradientsOf = async (samples: { images: Tensor; targets: Tensor }) =>
      this.differentiated.length > 0 ? this.gradientRows(params, samples) : {};
    return {
      parts: leavesOf,
      async *rows({ images, targets, groups, each }) {
        const length = (await leavesOf({ images, targets, members: zeros([1, 1]), groups: 1, each: 1 })).reduce(
          (sum, part) => sum + part.length,
          0,
        );
        const together = Math.max(1, Math.floor(summandsAtOnce / length));
        for (let at = 0; at < groups * each; at += together) {
          const some = (t: Tensor) => t.rows(at, Math.min(at + together, groups * each));
          const own = { images: some(images), targets: some(targets) };
          const trees: Record<string, HostTree> = { ...(await valuesOf(own.images)), ...(await gradientsOf(own)) };
          yield sideBySide(terms.flatMap(({ key }) => leaves(trees[key]!)));
        }
      },
      async from(means, blank) {
        const trees = await shapes(blank);
        const groups = means.shape[0]!;
        let at = 0;
        const own = Object.fromEntries(
          terms.map(({ key, real }) => [
            key,
            leafwise(ordered(trees[key]!), ({ shape }) => {
              const length = size(shape);
              const leaf = columns(means, at, length).reshape(
                real === "means" ? [groups, length] : [groups, ...shape.slice(1)],
              );
              at += length;
              return leaf;
            }),
          ]),
        );
        return { trees: own };
      },
    };
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
    this.averagedRows.dispose();
    this.gradientRows.dispose();
  }
}

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

const divided = (t: Tensor, by: number) => t.map((v) => v / by);
