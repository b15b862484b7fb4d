import { chunkByRule, type SumSize, sumSize } from "./chunkRule.ts";
import type { Hosted } from "./compile.ts";
import { cacheSized, type Program } from "./executors/executor.ts";
import { type ProgramOptions, Programs, signatureOf } from "./programs.ts";
import type { Tensor } from "./tensor.ts";
import { callable, flatten, leavesOf, unflatten } from "./typed.ts";

/** A function that is a sum over samples, evaluated in chunks. */
export interface SampleSum<F, S, R> {
  /**
   * Σ over all samples of `fn(fixed, chunk of samples)`.
   *
   * @param fixed arrays every chunk sees.
   * @param samples arrays whose first axis counts the samples.
   * @param chunk samples at a time; by {@link chunkByRule} when left out. The result is exact for every chunk size up to
   * float32 rounding, and bit-identical for equal chunk sizes.
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
  options: ProgramOptions = {},
): SampleSum<F, S, R> {
  const programs = new Programs(fn, options);
  const { name } = programs;
  const sumSizes = new Map<string, Promise<SumSize>>();

  const plan = (fixed: Hosted<F>, samples: Hosted<S>) => {
    const fixedLeaves = leavesOf<Tensor>(fixed);
    const sampleLeaves = leavesOf<Tensor>(samples);
    const [, structure] = flatten<Tensor>([fixed, samples]);
    const count = sampleLeaves[0]?.shape[0] ?? 0;
    for (const t of sampleLeaves)
      if (t.shape[0] !== count)
        throw new RangeError(`${name}: sample arrays disagree on their number: ${count} and ${t.shape[0]}`);
    return { fixedLeaves, sampleLeaves, structure, count };
  };
  type Plan = ReturnType<typeof plan>;
  const examples = ({ fixedLeaves, sampleLeaves }: Plan, chunk: number) => [
    ...fixedLeaves,
    ...sampleLeaves.map((t) => t.rows(0, chunk)),
  ];

  const sumRange = async (
    p: Plan,
    chunk: number,
    from: number,
    to: number,
  ): Promise<{ program: Program; sums: Tensor[] }> => {
    const program = await programs.of(p.structure, examples(p, chunk));
    const jobs: Tensor[][] = [];
    for (let at = from; at < to; at += chunk) jobs.push(p.sampleLeaves.map((t) => t.rows(at, at + chunk)));
    const first = [...p.fixedLeaves, ...jobs[0]!];
    const positions = p.sampleLeaves.map((_, k) => p.fixedLeaves.length + k);
    if (program.sum) return { program, sums: await program.sum(first, positions, jobs) };
    let sums: Tensor[] | undefined;
    for (const job of jobs) sums = added(sums, await program.run([...p.fixedLeaves, ...job]));
    return { program, sums: sums! };
  };

  const chunkFor = async (p: Plan): Promise<number> => {
    const { sizes = cacheSized, threads = 1 } = await programs.executor();
    if (sizes.chunk) return Math.min(p.count, sizes.chunk);
    const one = examples(p, 1);
    const key = `${p.structure}|${one.map(signatureOf).join(";")}`;
    let known = sumSizes.get(key);
    if (!known) {
      known = sumSize(programs.traceable(p.structure, one), p.fixedLeaves.length);
      sumSizes.set(key, known);
      known.catch(() => sumSizes.delete(key));
    }
    return chunkByRule(await known, p.count, threads);
  };

  const call = async (fixed: Hosted<F>, samples: Hosted<S>, chunk?: number) => {
    const p = plan(fixed, samples);
    if (p.count === 0) throw new RangeError(`${name}: a sum over no samples`);
    const size = Math.max(1, Math.min(chunk ?? (await chunkFor(p)), p.count));
    const whole = p.count - (p.count % size);
    const { program, sums } = await sumRange(p, size, 0, whole);
    const rest = p.count - whole;
    const total = rest > 0 ? added(sums, (await sumRange(p, rest, whole, p.count)).sums) : sums;
    return unflatten(program.outputs, total);
  };
  return callable<SampleSum<F, S, R>>(call, {
    chunkFor: (fixed, samples) => chunkFor(plan(fixed, samples)),
    dispose: () => programs.dispose(),
  });
}

function added(sums: Tensor[] | undefined, terms: Tensor[]): Tensor[] {
  if (!sums) return terms;
  for (const [k, t] of terms.entries()) {
    const into = sums[k]!.data;
    for (let i = 0; i < into.length; i++) into[i] = into[i]! + t.data[i]!;
  }
  return sums;
}
