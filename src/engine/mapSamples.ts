import type { Hosted } from "./compile.ts";
import { cacheSized } from "./executors/executor.ts";
import { mapGroups } from "./mapGroups.ts";
import { currentRuntime } from "./runtime.ts";
import { size, Tensor } from "./tensor.ts";
import { callable, flatten, leavesOf, mapTree, type Structure, unflatten } from "./typed.ts";

type Part = { readonly leaves: readonly Tensor[]; readonly structure: Structure };

/** A function of every sample on its own, evaluated for many. */
export interface SampleMap<F, S, R> {
  (fixed: Hosted<F>, samples: Hosted<S>): Promise<Hosted<R>>;
  dispose(): void;
}

/**
 * Compiles `fn(fixed, some samples)`, whose arguments and results have the samples on their first axis, so that it runs on a
 * few samples at a time, shared out over all cores. Memory is that of the results.
 *
 * @param options `floats`: numbers at a time instead of samples as the device takes them, for products of matrices; `most` samples then. `padded`: the
 * samples that fill no whole part are filled up with copies of the last one, so that any number of them runs one program.
 */
export function mapSamples<F, S, R>(
  fn: (fixed: F, samples: S) => R,
  name: string,
  options: { readonly floats?: number; readonly most?: number; readonly padded?: boolean } = {},
): SampleMap<F, S, R> {
  const group = (fixed: F, samples: S): R => {
    const own = mapTree(samples, (x) => x.reshape(x.shape.slice(1)));
    return mapTree(fn(fixed, own), (y) => y.reshape([1, ...y.shape]));
  };
  const runtime = currentRuntime();
  const map = mapGroups(group, { name });
  const part = async (
    fixed: Hosted<F>,
    samples: Hosted<S>,
    from: number,
    groups: number,
    each: number,
  ): Promise<Part> => {
    const rows = (t: Tensor) => t.rows(from, from + groups * each).reshape([groups, each, ...t.shape.slice(1)]);
    const [leaves, structure] = flatten<Tensor>(samples);
    const results = await map(fixed, unflatten(structure, leaves.map(rows)));
    const [out, own] = flatten<Tensor>(results);
    return { leaves: out.map((t) => t.reshape([groups * each, ...t.shape.slice(2)])), structure: own };
  };
  const filledUp = async (fixed: Hosted<F>, samples: Hosted<S>, from: number, rest: number, each: number) => {
    const places = Array.from({ length: each }, (_, i) => from + Math.min(i, rest - 1));
    const [leaves, structure] = flatten<Tensor>(samples);
    const whole = unflatten<Hosted<S>>(
      structure,
      leaves.map((t) => t.take(places)),
    );
    const found = await part(fixed, whole, 0, 1, each);
    return { ...found, leaves: found.leaves.map((t) => t.rows(0, rest)) };
  };
  const call = async (fixed: Hosted<F>, samples: Hosted<S>) => {
    const [count, ...sample] = leavesOf<Tensor>(samples)[0]!.shape as [number, ...number[]];
    const together = options.floats
      ? Math.max(1, Math.min(options.most ?? count, Math.floor(options.floats / size(sample))))
      : (runtime.executor.sizes ?? cacheSized).job;
    const groups = Math.floor(count / together);
    const parts: Part[] = [];
    if (groups > 0) parts.push(await part(fixed, samples, 0, groups, together));
    const rest = count - groups * together;
    if (rest > 0 && options.padded) parts.push(await filledUp(fixed, samples, groups * together, rest, together));
    else if (rest > 0) parts.push(await part(fixed, samples, groups * together, 1, rest));
    const first = parts[0]!;
    return unflatten(
      first.structure,
      first.leaves.map((_, k) => Tensor.concat(parts.map((p) => p.leaves[k]!))),
    );
  };
  return callable<SampleMap<F, S, R>>(call, { dispose: () => map.dispose() });
}
