import type { Array as Traced } from "@jax-js/jax";
import type { OptionRules, RandomKey, Resolved, Tensor } from "../engine/index.ts";
import type { Formula } from "./formula.ts";

/** A tree of arrays while traced: features by name, or parameters by layer and name. */
export type Tree = { [name: string]: Traced | Tree };

/**
 * The statistics of two views that a distance compares: their means over samples (a statistic: the real side is summed in chunks and kept
 * as numbers), mean gradients (the same, laid out as the parameters), or all rows of both (pairwise).
 */
export type Compared = "means" | "gradients" | "rows";

/** A formula as a loop minimises it: differentiable in the synthetic side, the real side fixed. */
export interface TracedFace<C extends Compared = Compared, O extends OptionRules = OptionRules> {
  readonly compares: readonly C[];
  /** True where it reads means `<layer>/mean` and `<layer>/square`, which views of channel moments yield. */
  readonly ofChannelMoments?: boolean;
  /** The options of the formula and those of its computation. */
  readonly options: O;
  /** The comparison under resolved options. */
  make(options: Resolved<O>): Comparison;
}

/** A discrepancy by its traced face. */
export interface Distance<C extends Compared = Compared> extends Omit<Formula, "options">, TracedFace<C> {}

/** The traced face of a formula: the options that its computation adds, after those of the formula, `shared`. */
export function traced<
  C extends Compared,
  const O extends OptionRules,
  const F extends OptionRules = Record<never, never>,
>(face: Omit<TracedFace<C, F & O>, "options"> & { readonly options: O }, shared?: F): TracedFace<C, F & O> {
  return { ...face, options: { ...shared, ...face.options } as F & O };
}

/** A traced formula with its options fixed. All but `between` are for some distances only. */
export interface Comparison {
  /**
   * A scalar, zero where both sides agree. Means: [k] leaves; gradients: leaves of the parameters' shapes; rows: [m, k] of S
   * against [n, k] of T. Both trees have the same names. Consumes both.
   */
  between(synthetic: Tree, real: Tree): Traced;
  /**
   * Means only: what is averaged instead of the values themselves, e.g. (x, x²) or (cos⟨t, x⟩, sin⟨t, x⟩). Values [n, k] to
   * any names of [n, k′]; consumes both.
   */
  lift?(values: { [name: string]: Traced }, draws: { [name: string]: Traced }): { [name: string]: Traced };
  /**
   * The largest Euclidean norm of what `lift` makes of one sample, all values together, where there is a bound: what a privacy
   * mechanism adds noise for. `lengths`: k of every value.
   */
  bound?(lengths: Readonly<Record<string, number>>): number;
  /** Random arrays that `lift` reads, new every step: frequencies, projections. `lengths`: k of every value. */
  draws?(key: RandomKey, lengths: Readonly<Record<string, number>>): Readonly<Record<string, Tensor>>;
  /**
   * Rows only: a stand-in for the rows of T, computed on the host once for every hypothesis and class from *all* images of
   * the class, or `targetRows` of them: the atoms of a barycentre, say. A pure function of rows and key, because a resumed run
   * computes it anew.
   *
   * @param rows [n, k] of the class. @param count rows of S in the class.
   */
  target?(rows: Tensor, count: number, key: RandomKey): Tensor | Promise<Tensor>;
  /** Random images of a class that `target` is made from, but never fewer than rows of S; all where left out. */
  readonly targetRows?: number;
}

/** A distance of arrays made one of trees: the sum over leaves of the same name. */
export function overLeaves(distance: (synthetic: Traced, real: Traced) => Traced): Comparison["between"] {
  const total = (synthetic: Tree, real: Tree): Traced =>
    Object.entries(synthetic)
      .map(([name, a]) => {
        const b = real[name]!;
        return isLeaf(a) ? distance(a, b as Traced) : total(a, b as Tree);
      })
      .reduce((sum, part) => sum.add(part));
  return total;
}

const isLeaf = (node: Traced | Tree): node is Traced => "ndim" in node;
