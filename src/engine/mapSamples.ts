import { tree } from "@jax-js/jax";
import type { Hosted } from "./compile.ts";
import { defaultExecutor } from "./executors/default.ts";
import { cacheSized } from "./executors/executor.ts";
import { mapGroups } from "./mapGroups.ts";
import { size, Tensor } from "./tensor.ts";

// biome-ignore lint/suspicious/noExplicitAny: jax-js's own tree types recurse the same way
type AnyTree = any;

type Part = { readonly leaves: readonly Tensor[]; readonly structure: never };

/** A function of every sample on its own, evaluated for many. */
export type SampleMap<F, S, R> = (fixed: Hosted<F>, samples: Hosted<S>) => Promise<Hosted<R>>;

/**
 * Compiles `fn(fixed, some samples)`, whose arguments and results have the samples on their first axis, so that it runs on a
 * few samples at a time, shared out over all cores. Memory is that of the results.
 *
 * @param options `floats`: numbers at a time instead of samples as the device takes them, for products of matrices.
 */
export function mapSamples<F, S, R>(
  fn: (fixed: F, samples: S) => R,
  name: string,
  options: { readonly floats?: number } = {},
): SampleMap<F, S, R> {
  const group = (fixed: AnyTree, samples: AnyTree): AnyTree =>
    tree.map(
      (y: AnyTree) => y.reshape([1, ...y.shape]),
      fn(
        fixed,
        tree.map((x: AnyTree) => x.reshape(x.shape.slice(1)), samples),
      ) as never,
    );
  const map = mapGroups<AnyTree, AnyTree, AnyTree>(group, { name });
  const part = async (fixed: AnyTree, samples: AnyTree, from: number, groups: number, each: number): Promise<Part> => {
    const rows = (t: Tensor) => t.rows(from, from + groups * each).reshape([groups, each, ...t.shape.slice(1)]);
    const [leaves, structure] = tree.flatten(samples) as unknown as [Tensor[], never];
    const results = await map(fixed, tree.unflatten(structure, leaves.map(rows) as never));
    const [out, own] = tree.flatten(results) as unknown as [Tensor[], never];
    return { leaves: out.map((t) => t.reshape([groups * each, ...t.shape.slice(2)])), structure: own };
  };
  return (async (fixed: AnyTree, samples: AnyTree) => {
    const [leaves] = tree.flatten(samples) as unknown as [Tensor[]];
    const [count, ...sample] = leaves[0]!.shape as [number, ...number[]];
    const together = options.floats
      ? Math.max(1, Math.floor(options.floats / size(sample)))
      : (defaultExecutor().sizes ?? cacheSized).job;
    const groups = Math.floor(count / together);
    const parts: Part[] = [];
    if (groups > 0) parts.push(await part(fixed, samples, 0, groups, together));
    if (count > groups * together)
      parts.push(await part(fixed, samples, groups * together, 1, count - groups * together));
    const first = parts[0]!;
    return tree.unflatten(first.structure, first.leaves.map((_, k) => joined(parts.map((p) => p.leaves[k]!))) as never);
  }) as SampleMap<F, S, R>;
}

function joined(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0]!;
  const [a, b] = parts as [Tensor, Tensor];
  const data = new Float32Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return new Tensor(data, [a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], a.dtype);
}
