import type { Array as Traced } from "@jax-js/jax";
import { type ProgramOptions, Programs } from "./programs.ts";
import { Tensor } from "./tensor.ts";
import { callable, flatten, unflatten } from "./typed.ts";

/** The host side of a traced tree: each jax-js array becomes a {@link Tensor}. */
export type Hosted<T> = T extends Traced
  ? Tensor
  : T extends readonly unknown[]
    ? { [K in keyof T]: Hosted<T[K]> }
    : T extends object
      ? { [K in keyof T]: Hosted<T[K]> }
      : T;

/** A compiled function: host tensors in, a promise of host tensors out. */
export interface Compiled<A extends unknown[], R> {
  (...args: { [K in keyof A]: Hosted<A[K]> }): Promise<Hosted<R>>;
  /** Frees the compiled programs of all shapes. */
  dispose(): void;
}

export type CompileOptions = ProgramOptions;

/**
 * Compiles a function written with jax-js arrays. It is traced once per combination of argument shapes; the trace is
 * turned into a graph, optimised, and handed to an executor. jax-js's rules of ownership hold inside `fn`: an array is
 * consumed by its last use, `.ref` keeps it for another.
 *
 * @throws EngineError when the trace uses a primitive that the executor cannot run; the message names both.
 */
export function compile<A extends unknown[], R>(fn: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  const programs = new Programs(fn, options);
  const call = async (...args: unknown[]) => {
    const [leaves, structure] = flatten<unknown>(args);
    const tensors = leaves.map((leaf) => (leaf instanceof Tensor ? leaf : scalar(leaf, programs.name)));
    const program = await programs.of(structure, tensors);
    const results = await program.run(tensors);
    return unflatten(program.outputs, results);
  };
  return callable<Compiled<A, R>>(call, { dispose: () => programs.dispose() });
}

function scalar(leaf: unknown, name: string): Tensor {
  if (typeof leaf === "number") return new Tensor(Float32Array.of(leaf), [], "float32");
  throw new TypeError(`${name}: arguments are trees of Tensor and number, found ${String(leaf)}`);
}
