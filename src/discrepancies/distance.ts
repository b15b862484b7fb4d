import type { Array as Traced } from "@jax-js/jax";
import type { Cited, OptionRules, OptionValues, RandomKey, Tensor } from "../engine/index.ts";

/** A tree of arrays while traced: features by name, or parameters by layer and name. */
export type Tree = { [name: string]: Traced | Tree };

/**
 * What a distance compares of two views: their means over samples (a statistic: the real side is summed in chunks and kept
 * as numbers), mean gradients (the same, laid out as the parameters), or all rows of both (pairwise).
 */
export type Compared = "means" | "gradients" | "rows";

/** A discrepancy as a loop minimises it: differentiable in the synthetic side, the real side fixed. */
export interface Distance<C extends Compared = Compared> extends Cited {
  readonly compares: readonly C[];
  /** One line for tables. */
  readonly title: string;
  readonly formula: string;
  /** Section and equation of the paper. */
  readonly reference: string;
  readonly options: OptionRules;
  make(options: OptionValues): Comparison;
}

/** A distance with its options fixed. All but `between` are for some distances only. */
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
