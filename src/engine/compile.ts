import { type Array as Traced, tree } from "@jax-js/jax";
import { defaultExecutor } from "./executors/default.ts";
import type { Executor, Program } from "./executors/executor.ts";
import { Tensor } from "./tensor.ts";

/** What a traced function takes and returns: trees of jax-js arrays (arrays, tuples and plain objects of them). */
// biome-ignore lint/suspicious/noExplicitAny: jax-js's own tree types recurse the same way
type TracedTree = any;

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

export interface CompileOptions {
  /** Name used in error messages and profiles; defaults to the function's own. */
  name?: string;
  /** Where it runs; defaults to ONNX Runtime on this platform. */
  executor?: Executor;
}

/**
 * Compiles a function written with jax-js arrays. It is traced once per combination of argument shapes; the trace is
 * turned into a graph, optimised, and handed to an executor. jax-js's rules of ownership hold inside `fn`: an array is
 * consumed by its last use, `.ref` keeps it for another.
 *
 * @throws EngineError when the trace uses a primitive that the executor cannot run; the message names both.
 */
export function compile<A extends unknown[], R>(fn: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  const name = options.name ?? (fn.name || "anonymous");
  const programs = new Map<string, Promise<Program>>();
  const call = async (...args: unknown[]): Promise<unknown> => {
    const [leaves, structure] = tree.flatten(args as TracedTree) as unknown as [Tensor[], { toString(): string }];
    const tensors = leaves.map((leaf) => (leaf instanceof Tensor ? leaf : scalar(leaf, name)));
    const signature = `${structure}|${tensors.map((t) => `${t.dtype}[${t.shape}]`).join(";")}`;
    let program = programs.get(signature);
    if (!program) {
      const executor = options.executor ?? defaultExecutor();
      program = executor.load({ name, fn: fn as (...a: never[]) => unknown, structure, examples: tensors });
      programs.set(signature, program);
      program.catch(() => programs.delete(signature));
    }
    const loaded = await program;
    const results = await loaded.run(tensors);
    return tree.unflatten(loaded.outputs as never, results as never);
  };
  return Object.assign(call, {
    dispose() {
      for (const program of programs.values()) program.then((p) => p.dispose()).catch(() => {});
      programs.clear();
    },
  }) as Compiled<A, R>;
}

function scalar(leaf: unknown, name: string): Tensor {
  if (typeof leaf === "number") return new Tensor(Float32Array.of(leaf), [], "float32");
  throw new TypeError(`${name}: arguments are trees of Tensor and number, found ${String(leaf)}`);
}
