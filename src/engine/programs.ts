import { AttarError } from "./errors.ts";
import type { Executor, Program, Traceable } from "./executors/executor.ts";
import { currentRuntime, type Held, type Runtime } from "./runtime.ts";
import type { Tensor } from "./tensor.ts";
import type { Structure } from "./typed.ts";

/** The executor that a compiled function runs in, and its name in error messages and profiles. */
export interface ProgramOptions {
  /** The function's own name where left out. */
  readonly name?: string;
  /** The executor of the runtime that is current at the compilation where left out. */
  readonly executor?: Executor;
}

/** The element type and shape of a tensor as text: a program serves all tensors of one signature. */
export const signatureOf = ({ dtype, shape }: Tensor): string => `${dtype}[${shape}]`;

/** The programs of one traced function: loaded when a combination of argument shapes is first seen, kept until disposal. */
export class Programs implements Held {
  readonly name: string;
  /** The runtime that holds them: the one that was current where the function was compiled. */
  readonly runtime: Runtime = currentRuntime();
  private readonly loaded = new Map<string, Promise<Program>>();

  constructor(
    private readonly fn: Traceable["fn"],
    private readonly options: ProgramOptions,
  ) {
    this.name = options.name ?? (fn.name || "anonymous");
  }

  get programs(): number {
    return this.loaded.size;
  }

  /** The executor that programs are loaded by, with its sizes and threads. */
  async executor(): Promise<Executor> {
    return this.options.executor ?? this.runtime.loaded();
  }

  /** The function with example arguments, given as the leaves of its argument list and their structure. */
  traceable(structure: Structure, examples: readonly Tensor[]): Traceable {
    const fn: Traceable["fn"] = (...args) => this.runtime.enter(() => this.fn(...args));
    return { name: this.name, fn, structure, examples };
  }

  /**
   * The program for arguments of these shapes; a failed load is forgotten.
   *
   * @throws AttarError "disposed-runtime"
   */
  of(structure: Structure, examples: readonly Tensor[]): Promise<Program> {
    const key = `${structure}|${examples.map(signatureOf).join(";")}`;
    const known = this.loaded.get(key);
    if (known) return known;
    if (this.runtime.disposed)
      throw new AttarError(
        "disposed-runtime",
        `${this.name} belongs to a runtime that was disposed`,
        "compile it, or build its network, in another one: openRuntime()",
        1,
      );
    const program = (this.options.executor ?? this.runtime.executor).load(this.traceable(structure, examples));
    this.loaded.set(key, program);
    this.runtime.hold(this);
    program.catch(() => this.loaded.delete(key));
    return program;
  }

  /** Frees the programs of all shapes; resolves when their sessions are closed. */
  async dispose(): Promise<void> {
    const all = [...this.loaded.values()];
    this.loaded.clear();
    this.runtime.release(this);
    await Promise.all(all.map((program) => program.then((p) => p.dispose()).catch(() => {})));
  }
}
