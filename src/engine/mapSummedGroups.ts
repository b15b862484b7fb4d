import type { Hosted } from "./compile.ts";
import { cacheSized, type Program } from "./executors/executor.ts";
import { addUp } from "./executors/onnx.ts";
import { joinedRows } from "./mapGroups.ts";
import { type ProgramOptions, Programs, signatureOf } from "./programs.ts";
import { resultShapes } from "./resultShapes.ts";
import { currentRuntime } from "./runtime.ts";
import type { Tensor } from "./tensor.ts";
import { callable, flatten, leavesOf, unflatten } from "./typed.ts";

/** A function of every group and of a sum over the group's own samples. */
export interface SummedGroupMap<E, X, F, G, R> {
  /**
   * @param first what every sum sees, and samples, whose first two axes count the groups and the samples of each.
   * @param then what every group sees, and arrays whose first axis counts the groups.
   * @returns the results of all groups, joined along their first axis.
   */
  (first: { fixed: Hosted<E>; samples: Hosted<X> }, then: { fixed: Hosted<F>; groups: Hosted<G> }): Promise<Hosted<R>>;
  dispose(): void;
}

/**
 * Compiles Σ over a group's samples of `sums(fixed, chunk of samples)` and `fn(fixed, group, sums)`, which sees and returns arrays whose
 * first axis is 1, as `mapGroups` does, and the sums as they are. A core does both for one group after the other: cores wait for one
 * another once, at the end, and the sums cross to no other thread.
 */
export function mapSummedGroups<E, X, S, F, G, R>(
  sums: (fixed: E, samples: X) => S,
  fn: (fixed: F, group: G, sums: S) => R,
  options: ProgramOptions = {},
): SummedGroupMap<E, X, F, G, R> {
  const mapping = new Programs(fn, { ...options, name: options.name ?? (fn.name || "anonymous map") });
  const adding = new Programs(sums, { ...options, name: `sums of ${mapping.name}` });
  const blanks = new Map<string, Promise<S>>();

  /** The programs for some example arguments, and zeros in place of the sums. */
  const load = async (first: [unknown, unknown], then: [unknown, unknown]): Promise<Loaded> => {
    await mapping.executor();
    const [summed, ofSums] = flatten<Tensor>(first);
    const key = `${ofSums}|${summed.map(signatureOf).join(";")}`;
    const known = blanks.get(key) ?? resultShapes<S>(sums, first, adding.name);
    blanks.set(key, known);
    known.catch(() => blanks.delete(key));
    const blank = await known;
    const [mapped, ofMap] = flatten<Tensor>([...then, blank]);
    return {
      blanks: leavesOf<Tensor>(blank),
      adding: await adding.of(ofSums, summed),
      mapping: await mapping.of(ofMap, mapped),
    };
  };

  const call = async (
    first: { fixed: Hosted<E>; samples: Hosted<X> },
    then: { fixed: Hosted<F>; groups: Hosted<G> },
  ) => {
    const [seen, samples, fixed, groups] = [first.fixed, first.samples, then.fixed, then.groups].map((t) =>
      leavesOf<Tensor>(t),
    ) as [Tensor[], Tensor[], Tensor[], Tensor[]];
    const [count, each] = samples[0]!.shape as [number, number];
    const chunk = summedAtOnce(each);
    const run = (g: number, at: number) =>
      samples.map((t) => {
        const own = t.rows(g, g + 1);
        return own.reshape(own.shape.slice(1)).rows(at, at + chunk);
      });
    const runs = Array.from({ length: count }, (_, g) =>
      Array.from({ length: each / chunk }, (_, k) => run(g, k * chunk)),
    );
    const jobs = Array.from({ length: count }, (_, g) => groups.map((t) => t.rows(g, g + 1)));
    const like = (t: unknown, leaves: readonly Tensor[]) => unflatten<unknown>(flatten(t)[1], leaves);
    const loaded = await load(
      [first.fixed, like(first.samples, runs[0]![0]!)],
      [then.fixed, like(then.groups, jobs[0]!)],
    );
    const numbers = (n: number, from: number) => Array.from({ length: n }, (_, i) => from + i);
    const own = numbers(groups.length, fixed.length);
    const inputs = [...fixed, ...jobs[0]!, ...loaded.blanks];
    const before = {
      program: loaded.adding,
      inputs: [...seen, ...runs[0]![0]!],
      positions: numbers(samples.length, seen.length),
      runs,
      into: numbers(loaded.blanks.length, fixed.length + groups.length),
    };
    const together = await loaded.mapping.mapAfterSums?.(inputs, own, jobs, before);
    const results = together ?? (await oneAfterAnother(loaded, seen, runs, fixed, jobs));
    return unflatten(loaded.mapping.outputs, joinedRows(results));
  };

  /** Takes groups one after another, where an executor has nothing better. */
  const oneAfterAnother = async (
    { adding, mapping }: Loaded,
    seen: readonly Tensor[],
    runs: readonly (readonly (readonly Tensor[])[])[],
    fixed: readonly Tensor[],
    jobs: readonly (readonly Tensor[])[],
  ): Promise<Tensor[][]> => {
    const results: Tensor[][] = [];
    for (const [g, job] of jobs.entries()) {
      const total = await addUp(runs[g]!, (samples) => adding.run([...seen, ...samples]));
      results.push(await mapping.run([...fixed, ...job, ...total]));
    }
    return results;
  };

  return callable<SummedGroupMap<E, X, F, G, R>>(call, {
    dispose() {
      adding.dispose();
      mapping.dispose();
    },
  });
}

type Loaded = { readonly adding: Program; readonly mapping: Program; readonly blanks: readonly Tensor[] };

/** Samples that one run of a group's sum takes: the largest divisor of their number up to a job's. Depends on the number alone. */
export function summedAtOnce(each: number): number {
  for (let chunk = Math.min(cacheSized.job, each); chunk > 1; chunk--) if (each % chunk === 0) return chunk;
  return 1;
}

/**
 * Tells whether groups of `each` samples are better done so than by summing over all cores first: the samples divide into
 * runs of some size, and as many groups leave the cores of the runtime's executor, whose caches set the sizes, idle for a
 * fifth of the time at most.
 */
export async function worthSummingByGroup(groups: number, each: number, runtime = currentRuntime()): Promise<boolean> {
  const { threads = 1, sizes = cacheSized } = await runtime.loaded();
  const filled = groups / (threads * Math.ceil(groups / threads));
  return sizes === cacheSized && filled >= 0.8 && summedAtOnce(each) >= Math.min(8, each);
}
