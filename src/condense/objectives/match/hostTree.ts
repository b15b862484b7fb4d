import { Tensor } from "../../../engine/index.ts";

/** A tree of host tensors whose leaves' first axis counts the groups. */
export type HostTree = { readonly [name: string]: Tensor | HostTree };

/** A tree of one form with each leaf changed. */
export function leafwise(tree: HostTree, change: (t: Tensor) => Tensor): HostTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [name, node instanceof Tensor ? change(node) : leafwise(node, change)]),
  );
}

/** A tree with its names in order, so that leaves of one form follow one another alike. */
export const ordered = (tree: HostTree): HostTree =>
  Object.fromEntries(
    Object.keys(tree)
      .sort()
      .map((name) => {
        const node = tree[name]!;
        return [name, node instanceof Tensor ? node : ordered(node)];
      }),
  );

/** The leaves of a tree, in the order of its names. */
export const leaves = (tree: HostTree): Tensor[] =>
  Object.values(ordered(tree)).flatMap((node) => (node instanceof Tensor ? [node] : leaves(node)));

/** Trees of one form as one, their leaves stacked along a new first axis. */
export function stacked(trees: readonly HostTree[]): HostTree {
  return Object.fromEntries(
    Object.entries(trees[0]!).map(([name, node]) => {
      const nodes = trees.map((t) => t[name]!);
      if (!(node instanceof Tensor)) return [name, stacked(nodes as HostTree[])];
      return [name, Tensor.stack(nodes as Tensor[])];
    }),
  );
}

/** Rows of several tensors [n, …] one beside the other: n rows after one another. */
export function sideBySide(tensors: readonly Tensor[]): Float32Array {
  const [n, lengths] = [tensors[0]!.shape[0]!, tensors.map((t) => t.data.length / t.shape[0]!)];
  const length = lengths.reduce((sum, k) => sum + k, 0);
  const out = new Float32Array(n * length);
  let at = 0;
  for (const [k, { data }] of tensors.entries()) {
    const own = lengths[k]!;
    for (let i = 0; i < n; i++) out.set(data.subarray(i * own, (i + 1) * own) as Float32Array, i * length + at);
    at += own;
  }
  return out;
}

/** Some columns of rows [n, …]. */
export function columns(t: Tensor, from: number, count: number): Tensor {
  const [n, length] = t.shape as [number, number];
  const out = new Float32Array(n * count);
  for (let i = 0; i < n; i++)
    out.set(t.data.subarray(i * length + from, i * length + from + count) as Float32Array, i * count);
  return new Tensor(out, [n, count], "float32");
}
