import type { Executor } from "./executors/executor.ts";
import { platformExecutor } from "./executors/platform.ts";

/** A thing that a runtime frees when it is disposed: the loaded programs of one traced function. */
export interface Held {
  /** The number of programs that are loaded. */
  readonly programs: number;
  /** Frees them; resolves when their sessions are closed. */
  dispose(): Promise<void>;
}

export interface RuntimeOptions {
  /** ONNX Runtime for this platform where left out. The runtime's own from now on: it ends with it. */
  readonly executor?: Executor;
  /** CPU threads of the platform's executor; the machine's cores where left out. */
  readonly threads?: number;
}

/** The counts of what is alive in a runtime. */
export interface Live {
  /** The number of programs: traced functions, each for one set of shapes. */
  readonly programs: number;
  /** The number of open sessions of ONNX Runtime; a program has one in every thread that it has run in. */
  readonly sessions: number;
}

/**
 * A runtime: where programs are loaded and what they leave in memory. A program belongs to the runtime that is current
 * where its function is compiled, and a network to the one where it is built; several runtimes live side by side in one
 * process.
 *
 * @example
 * await using runtime = openRuntime({ threads: 4 });
 * for await (const event of condense(mnist, dm, { ipc: 10, runtime })) show(event);
 */
export class Runtime implements AsyncDisposable {
  private readonly held = new Set<Held>();
  private known?: Executor;
  private loading?: Promise<Executor>;
  private ending?: Promise<void>;

  constructor(private readonly options: RuntimeOptions = {}) {
    this.known = options.executor;
  }

  /** The executor, which loads and runs programs. Before the platform's is loaded, one that loads it at the first program. */
  get executor(): Executor {
    return this.known ?? { name: "platform", load: async (traceable) => (await this.loaded()).load(traceable) };
  }

  /** The executor once it is known what this platform has: its name, threads and sizes are the ones that compute. */
  async loaded(): Promise<Executor> {
    if (this.known) return this.known;
    this.loading ??= platformExecutor(this.options.threads);
    this.known = await this.loading;
    return this.known;
  }

  /**
   * Starts the executor's threads and loads ONNX Runtime into them, which takes seconds in a browser: the first program then
   * starts at once.
   *
   * @throws AttarError "runtime" where ONNX Runtime cannot be loaded
   */
  async warm(): Promise<void> {
    await (await this.loaded()).warm?.();
  }

  /** CPU threads in all; undefined before the platform's executor is loaded. */
  get threads(): number | undefined {
    return this.known?.threads ?? this.options.threads;
  }

  get live(): Live {
    let programs = 0;
    for (const one of this.held) programs += one.programs;
    return { programs, sessions: this.known?.sessions?.() ?? 0 };
  }

  get disposed(): boolean {
    return this.ending !== undefined;
  }

  /** Takes note of programs that it is to free. */
  hold(one: Held): void {
    this.held.add(one);
  }

  /** Forgets programs that were freed. */
  release(one: Held): void {
    this.held.delete(one);
  }

  /** Runs a function with this runtime as the current one. What the function does after its first `await` is not covered. */
  enter<T>(run: () => T): T {
    entered.push(this);
    try {
      return run();
    } finally {
      entered.pop();
    }
  }

  /**
   * Runs an asynchronous function with this runtime as the current one to its end. Work of the same runtime goes on beside it, such
   * work of another one waits.
   */
  async throughout<T>(run: () => Promise<T>): Promise<T> {
    while (tenancy && tenancy.runtime !== this) await tenancy.ended;
    tenancy ??= tenancyOf(this);
    const own = tenancy;
    own.count++;
    try {
      return await this.enter(run);
    } finally {
      own.count--;
      if (own.count === 0) {
        tenancy = undefined;
        own.end();
      }
    }
  }

  /** Frees all programs and ends the executor's threads. A program of it that is called afterwards fails. */
  dispose(): Promise<void> {
    this.ending ??= (async () => {
      await Promise.all([...this.held].map((one) => one.dispose()));
      if (this.loading) await this.loading.catch(() => {});
      await this.known?.end?.();
    })();
    return this.ending;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** A runtime of the caller's own, which the caller disposes. */
export const openRuntime = (options: RuntimeOptions = {}): Runtime => new Runtime(options);

/** Runtimes whose functions are on the stack, the innermost last. */
const entered: Runtime[] = [];

/** The runtime that asynchronous work holds to its end. */
interface Tenancy {
  readonly runtime: Runtime;
  readonly ended: Promise<void>;
  readonly end: () => void;
  count: number;
}

let tenancy: Tenancy | undefined;

function tenancyOf(runtime: Runtime): Tenancy {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { runtime, ended, end, count: 0 };
}

let ofProcess: Runtime | undefined;

/** The process's own runtime, which serves whatever names no other. */
export function defaultRuntime(): Runtime {
  if (!ofProcess || ofProcess.disposed) ofProcess = new Runtime();
  return ofProcess;
}

/** Replaces the process's own runtime for everything that is compiled or built from now on. */
export function useRuntime(runtime: Runtime): void {
  ofProcess = runtime;
}

/** The runtime that a function compiled here and now would belong to. */
export function currentRuntime(): Runtime {
  return entered.at(-1) ?? tenancy?.runtime ?? defaultRuntime();
}

/**
 * A value that every runtime has its own of, made where it is first asked for: a compiled function of a module, a cache of such.
 *
 * @example
 * const gram = perRuntime(() => compile(products, { name: "Gram matrix" }));
 * await gram()(points);
 */
export function perRuntime<T>(make: () => T): () => T {
  const made = new WeakMap<Runtime, { readonly value: T }>();
  return () => {
    const runtime = currentRuntime();
    const known = made.get(runtime) ?? { value: runtime.enter(make) };
    made.set(runtime, known);
    return known.value;
  };
}
