import type { Hosted } from "./compile.ts";
import { addInto } from "./executors/onnx.ts";
import { type ProgramOptions, Programs } from "./programs.ts";
import { Tensor } from "./tensor.ts";
import { callable, flatten, leavesOf, unflatten } from "./typed.ts";

/** The result of a function of a chunk of samples: results to be added over chunks, and results with a row a sample. */
export interface SumsAndRows<S, R> {
  readonly sums: S;
  readonly rows: R;
}

/** A function of samples, evaluated in parts of equal size shared out over all cores. */
export interface Parted<F, X, S, R> {
  /**
   * @param fixed arrays every part sees. @param samples arrays whose first axis counts the samples. @param part samples at
   * a time; {@link samplesAtATime} of their number when left out. Results are the same, up to float32 rounding, for every part.
   */
  (fixed: Hosted<F>, samples: Hosted<X>, part?: number): Promise<SumsAndRows<Hosted<S>, Hosted<R>>>;
  dispose(): void;
}

/**
 * Compiles a function whose results are partly sums over samples (a gradient with respect to parameters), partly rows of
 * single samples (the gradient with respect to each image). Memory does not grow with the number of samples but for the rows.
 */
export function sumsAndRows<F, X, S, R>(
  fn: (fixed: F, samples: X) => SumsAndRows<S, R>,
  options: ProgramOptions = {},
): Parted<F, X, S, R> {
  let widths: { sums: number } | undefined;
  // Sums first, whatever the order of keys: the runtime returns one flat list.
  const ordered = (fixed: F, samples: X): unknown => {
    const { sums, rows } = fn(fixed, samples);
    widths = { sums: leavesOf(sums).length };
    return [sums, rows];
  };
  const programs = new Programs(ordered, { ...options, name: options.name ?? (fn.name || "anonymous sums and rows") });
  const { name } = programs;
  const call = async (fixed: Hosted<F>, samples: Hosted<X>, part?: number) => {
    const fixedLeaves = leavesOf<Tensor>(fixed);
    const sampleLeaves = leavesOf<Tensor>(samples);
    const [, structure] = flatten<Tensor>([fixed, samples]);
    const count = sampleLeaves[0]?.shape[0] ?? 0;
    for (const t of sampleLeaves)
      if (t.shape[0] !== count)
        throw new RangeError(`${name}: sample arrays disagree on their number: ${count} and ${t.shape[0]}`);
    if (count === 0) throw new RangeError(`${name}: no samples`);
    const size = Math.min(part ?? samplesAtATime(count), count);
    const positions = sampleLeaves.map((_, k) => fixedLeaves.length + k);
    const parts: Tensor[][] = [];
    let outputs: unknown;
    const range = async (from: number, to: number, each: number) => {
      const jobs: Tensor[][] = [];
      for (let at = from; at < to; at += each) jobs.push(sampleLeaves.map((t) => t.rows(at, at + each)));
      const program = await programs.of(structure, [...fixedLeaves, ...jobs[0]!]);
      if (program.map) parts.push(...(await program.map([...fixedLeaves, ...jobs[0]!], positions, jobs)));
      else for (const job of jobs) parts.push(await program.run([...fixedLeaves, ...job]));
      outputs = program.outputs;
    };
    const whole = count - (count % size);
    await range(0, whole, size);
    if (whole < count) await range(whole, count, count - whole);
    const joined = parts[0]!.map((_, k) => {
      const mine = parts.map((p) => p[k]!);
      return k < widths!.sums ? sum(mine) : Tensor.concat(mine);
    });
    const [sums, rows] = unflatten<[Hosted<S>, Hosted<R>]>(outputs, joined);
    return { sums, rows };
  };
  return callable<Parted<F, X, S, R>>(call, { dispose: () => programs.dispose() });
}

/**
 * Samples at a time: the largest divisor of their number up to 12 that leaves an even number of parts, for activations of a
 * few images stay in a core's cache; without a divisor above 3, 10. Depends on the number alone, so that machines round alike.
 */
export function samplesAtATime(count: number): number {
  for (let part = 12; part >= Math.min(4, count / 2); part--) if (count % (2 * part) === 0) return part;
  return count < 8 ? Math.ceil(count / 2) : 10;
}

function sum(parts: readonly Tensor[]): Tensor {
  const total = parts[0]!;
  for (const part of parts.slice(1)) addInto(total, part);
  return total;
}
