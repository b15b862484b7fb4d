import { type Array as Traced, tree } from "@jax-js/jax";
import { defaultExecutor } from "./executors/default.ts";
import { cacheSized } from "./executors/executor.ts";

// biome-ignore lint/suspicious/noExplicitAny: jax-js's own tree types recurse the same way
type AnyTree = any;

/**
 * A traced function that is a sum over samples, written as the sum over parts of at most `most` samples (what the default executor's device takes at a time), nearly equal in
 * size: the same number, and faster, because elementwise arithmetic on more runs at the speed of memory. `samples` are arrays whose first axis counts the samples; both arguments are consumed.
 */
export function summedInParts<F, S, R>(fn: (fixed: F, samples: S) => R, most?: number): (fixed: F, samples: S) => R {
  return (fixed, samples) => {
    const [leaves] = tree.flatten(samples as AnyTree) as unknown as [Traced[]];
    const count = leaves[0]?.shape[0] ?? 0;
    const parts = Math.ceil(count / (most ?? (defaultExecutor().sizes ?? cacheSized).part));
    if (parts <= 1) return fn(fixed, samples);
    let sum: AnyTree;
    for (let i = 0; i < parts; i++) {
      const range: [number, number] = [Math.floor((i * count) / parts), Math.floor(((i + 1) * count) / parts)];
      const last = i === parts - 1;
      const rows = tree.map((x: Traced) => (last ? x : x.ref).slice(range), samples as AnyTree);
      const part = fn((last ? fixed : tree.ref(fixed as AnyTree)) as F, rows as S);
      sum = sum ? tree.map((a: Traced, b: Traced) => a.add(b), sum, part as AnyTree) : part;
    }
    return sum as R;
  };
}
