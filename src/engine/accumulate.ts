import { tree } from "@jax-js/jax";
import type { Hosted } from "./compile.ts";
import { defaultExecutor } from "./executors/default.ts";
import { cacheSized, type Executor, type Program } from "./executors/executor.ts";
import type { Tensor } from "./tensor.ts";

// biome-ignore lint/suspicious/noExplicitAny: jax-js's own tree types recurse the same way
type AnyTree = any;

/** Measured chunk sizes, kept between processes by whoever supplies the store. */
export interface ChunkStore {
  get(key: string): number | undefined;
  set(key: string, chunk: number): void;
}

const remembered = new Map<string, number>();
let store: ChunkStore = {
  get: (key) => remembered.get(key),
  set: (key, chunk) => {
    remembered.set(key, chunk);
  },
};

/** Where measured chunk sizes are kept; in memory unless the application supplies a file. */
export function useChunkStore(next: ChunkStore): void {
  store = next;
}

/** A function that is a sum over samples, evaluated in chunks. */
export interface SampleSum<F, S, R> {
  /**
   * Σ over all samples of `fn(fixed, chunk of samples)`.
   *
   * @param fixed arrays every chunk sees.
   * @param samples arrays whose first axis counts the samples.
   * @param chunk samples at a time; measured once per machine and shape when left out. The result is exact for every
   * chunk size up to float32 rounding, and bit-identical for equal chunk sizes.
   */
  (fixed: Hosted<F>, samples: Hosted<S>, chunk?: number): Promise<Hosted<R>>;
  /** The chunk size that would be used. */
  chunkFor(fixed: Hosted<F>, samples: Hosted<S>): Promise<number>;
  dispose(): void;
}

/**
 * Compiles a function that sums over samples (a mean embedding's numerator, a loss gradient with a sum inside, any
 * statistic) so that it runs in cache-sized chunks, the chunks shared out over all cores. Memory does not grow with the
 * number of samples. What depends on `fixed` alone is computed once per call.
 */
export function sumOverSamples<F, S, R>(
  fn: (fixed: F, samples: S) => R,
  options: { name?: string; executor?: Executor } = {},
): SampleSum<F, S, R> {
  const name = options.name ?? (fn.name || "anonymous sum");
  const programs = new Map<string, Promise<Program>>();

  const plan = (fixed: AnyTree, samples: AnyTree) => {
    const [fixedLeaves] = tree.flatten(fixed) as unknown as [Tensor[]];
    const [sampleLeaves] = tree.flatten(samples) as unknown as [Tensor[]];
    const [, structure] = tree.flatten([fixed, samples]) as unknown as [Tensor[], { toString(): string }];
    const count = sampleLeaves[0]?.shape[0] ?? 0;
    for (const t of sampleLeaves)
      if (t.shape[0] !== count)
        throw new RangeError(`${name}: sample arrays disagree on their number: ${count} and ${t.shape[0]}`);
    const signature = [
      ...fixedLeaves.map((t) => `${t.dtype}[${t.shape}]`),
      ...sampleLeaves.map((t) => `${t.dtype}[*,${t.shape.slice(1)}]`),
    ];
    const executor = options.executor ?? defaultExecutor();
    return { fixedLeaves, sampleLeaves, structure, count, key: `${executor.name}|${name}|${signature}`, executor };
  };
  type Plan = ReturnType<typeof plan>;

  const programFor = (p: Plan, chunk: number): Promise<Program> => {
    const key = `${p.key}|${p.structure}|${chunk}`;
    let program = programs.get(key);
    if (!program) {
      const examples = [...p.fixedLeaves, ...p.sampleLeaves.map((t) => t.rows(0, chunk))];
      program = p.executor.load({ name, fn: fn as (...a: never[]) => unknown, structure: p.structure, examples });
      programs.set(key, program);
      program.catch(() => programs.delete(key));
    }
    return program;
  };

  const sumRange = async (
    p: Plan,
    chunk: number,
    from: number,
    to: number,
  ): Promise<{ program: Program; sums: Tensor[] }> => {
    const program = await programFor(p, chunk);
    const jobs: Tensor[][] = [];
    for (let at = from; at < to; at += chunk) jobs.push(p.sampleLeaves.map((t) => t.rows(at, at + chunk)));
    const first = [...p.fixedLeaves, ...jobs[0]!];
    const positions = p.sampleLeaves.map((_, k) => p.fixedLeaves.length + k);
    if (program.sum) return { program, sums: await program.sum(first, positions, jobs) };
    let sums: Tensor[] | undefined;
    for (const job of jobs) sums = added(sums, await program.run([...p.fixedLeaves, ...job]));
    return { program, sums: sums! };
  };

  const measure = async (p: Plan): Promise<number> => {
    const { chunks } = p.executor.sizes ?? cacheSized;
    if (chunks.length === 1) return Math.min(p.count, chunks[0]!);
    const known = store.get(p.key);
    if (known) return Math.min(known, p.count);
    const fitting = chunks.filter((c) => c * 4 <= p.count);
    if (fitting.length < 2) return Math.min(p.count, 16);
    const probe = Math.min(p.count, 64);
    const run = (chunk: number) => sumRange(p, chunk, 0, probe - (probe % chunk));
    for (const chunk of fitting) await run(chunk);
    const least = new Map<number, number>();
    // The better of two rounds: a pause of the machine in one of them must not settle a choice that is kept.
    for (const chunk of [...fitting, ...fitting]) {
      const started = performance.now();
      await run(chunk);
      const each = (performance.now() - started) / (probe - (probe % chunk));
      least.set(chunk, Math.min(each, least.get(chunk) ?? each));
    }
    let best: number = fitting[0]!;
    for (const [chunk, each] of least) if (each < least.get(best)! * 0.97) best = chunk;
    store.set(p.key, best);
    return best;
  };

  const call = async (fixed: AnyTree, samples: AnyTree, chunk?: number): Promise<unknown> => {
    const p = plan(fixed, samples);
    if (p.count === 0) throw new RangeError(`${name}: a sum over no samples`);
    const size = Math.max(1, Math.min(chunk ?? (await measure(p)), p.count));
    const whole = p.count - (p.count % size);
    const { program, sums } = await sumRange(p, size, 0, whole);
    const rest = p.count - whole;
    const total = rest > 0 ? added(sums, (await sumRange(p, rest, whole, p.count)).sums) : sums;
    return tree.unflatten(program.outputs as never, total as never);
  };
  return Object.assign(call, {
    chunkFor: (fixed: AnyTree, samples: AnyTree) => measure(plan(fixed, samples)),
    dispose() {
      for (const program of programs.values()) program.then((p) => p.dispose()).catch(() => {});
      programs.clear();
    },
  }) as unknown as SampleSum<F, S, R>;
}

function added(sums: Tensor[] | undefined, terms: Tensor[]): Tensor[] {
  if (!sums) return terms;
  for (const [k, t] of terms.entries()) {
    const into = sums[k]!.data;
    for (let i = 0; i < into.length; i++) into[i] = into[i]! + t.data[i]!;
  }
  return sums;
}
