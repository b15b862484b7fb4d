import { tree } from "@jax-js/jax";
import type { Hosted } from "./compile.ts";
import { defaultExecutor } from "./executors/default.ts";
import type { Executor, Program } from "./executors/executor.ts";
import { addInto } from "./executors/onnx.ts";
import { Tensor } from "./tensor.ts";

// biome-ignore lint/suspicious/noExplicitAny: jax-js's own tree types recurse the same way
type AnyTree = any;

/** What a function of a chunk of samples returns: results to be added over chunks, and results with a row a sample. */
export interface SumsAndRows<S, R> {
  readonly sums: S;
  readonly rows: R;
}

/** A function of samples, evaluated in parts of equal size shared out over all cores. */
export interface Parted<F, X, S, R> {
  /**
   * @param fixed arrays every part sees. @param samples arrays whose first axis counts the samples. @param part samples at
   * a time; {@link partOf} of their number when left out. Results are the same, up to float32 rounding, for every part.
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
  options: { name?: string; executor?: Executor } = {},
): Parted<F, X, S, R> {
  const name = options.name ?? (fn.name || "anonymous sums and rows");
  const programs = new Map<string, Promise<Program>>();
  let widths: { sums: number } | undefined;
  // Sums first, whatever the order of keys: the runtime returns one flat list.
  const ordered = (fixed: F, samples: X): unknown => {
    const { sums, rows } = fn(fixed, samples);
    widths = { sums: (tree.flatten(sums as never) as unknown as [unknown[]])[0].length };
    return [sums, rows];
  };
  const programFor = (structure: { toString(): string }, examples: readonly Tensor[]): Promise<Program> => {
    const key = `${structure}|${examples.map((t) => `${t.dtype}[${t.shape}]`)}`;
    let program = programs.get(key);
    if (!program) {
      const executor = options.executor ?? defaultExecutor();
      program = executor.load({ name, fn: ordered as (...a: never[]) => unknown, structure, examples });
      programs.set(key, program);
      program.catch(() => programs.delete(key));
    }
    return program;
  };
  const call = async (fixed: AnyTree, samples: AnyTree, part?: number): Promise<unknown> => {
    const [fixedLeaves] = tree.flatten(fixed) as unknown as [Tensor[]];
    const [sampleLeaves] = tree.flatten(samples) as unknown as [Tensor[]];
    const [, structure] = tree.flatten([fixed, samples]) as unknown as [Tensor[], { toString(): string }];
    const count = sampleLeaves[0]?.shape[0] ?? 0;
    for (const t of sampleLeaves)
      if (t.shape[0] !== count)
        throw new RangeError(`${name}: sample arrays disagree on their number: ${count} and ${t.shape[0]}`);
    if (count === 0) throw new RangeError(`${name}: no samples`);
    const size = Math.min(part ?? partOf(count), count);
    const positions = sampleLeaves.map((_, k) => fixedLeaves.length + k);
    const parts: Tensor[][] = [];
    let outputs: unknown;
    const range = async (from: number, to: number, each: number) => {
      const jobs: Tensor[][] = [];
      for (let at = from; at < to; at += each) jobs.push(sampleLeaves.map((t) => t.rows(at, at + each)));
      const program = await programFor(structure, [...fixedLeaves, ...jobs[0]!]);
      if (program.map) parts.push(...(await program.map([...fixedLeaves, ...jobs[0]!], positions, jobs)));
      else for (const job of jobs) parts.push(await program.run([...fixedLeaves, ...job]));
      outputs = program.outputs;
    };
    const whole = count - (count % size);
    await range(0, whole, size);
    if (whole < count) await range(whole, count, count - whole);
    const joined = parts[0]!.map((t, k) => {
      const mine = parts.map((p) => p[k]!);
      return k < widths!.sums ? sum(mine) : stacked(mine, t, count);
    });
    const [sums, rows] = tree.unflatten(outputs as never, joined as never) as unknown as [unknown, unknown];
    return { sums, rows };
  };
  return Object.assign(call, {
    dispose() {
      for (const program of programs.values()) program.then((p) => p.dispose()).catch(() => {});
      programs.clear();
    },
  }) as unknown as Parted<F, X, S, R>;
}

/**
 * Samples at a time: the largest divisor of their number up to 12 that leaves an even number of parts, for activations of a
 * few images stay in a core's cache; without a divisor above 3, 10. Depends on the number alone, so that machines round alike.
 */
export function partOf(count: number): number {
  for (let part = 12; part >= Math.min(4, count / 2); part--) if (count % (2 * part) === 0) return part;
  return count < 8 ? Math.ceil(count / 2) : 10;
}

function sum(parts: readonly Tensor[]): Tensor {
  const total = parts[0]!;
  for (const part of parts.slice(1)) addInto(total, part);
  return total;
}

function stacked(parts: readonly Tensor[], first: Tensor, count: number): Tensor {
  const length = first.data.length / first.shape[0]!;
  const data = new (first.data.constructor as Float32ArrayConstructor)(count * length);
  let at = 0;
  for (const { data: own } of parts) {
    data.set(own as Float32Array, at);
    at += own.length;
  }
  return new Tensor(data, [count, ...first.shape.slice(1)], first.dtype);
}
