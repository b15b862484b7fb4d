import { defaultExecutor } from "./executors/default.ts";
import type { Executor, Program, Traceable } from "./executors/executor.ts";
import type { Tensor } from "./tensor.ts";
import type { Structure } from "./typed.ts";

/** Where a compiled function runs and what it is called in error messages and profiles. */
export interface ProgramOptions {
  /** The function's own name where left out. */
  readonly name?: string;
  /** ONNX Runtime on this platform where left out. */
  readonly executor?: Executor;
}

/** The element type and shape of a tensor as text: a program serves all tensors of one signature. */
export const signatureOf = ({ dtype, shape }: Tensor): string => `${dtype}[${shape}]`;

/** The programs of one traced function: loaded when a combination of argument shapes is first seen, kept until disposal. */
export class Programs {
  readonly name: string;
  private readonly loaded = new Map<string, Promise<Program>>();

  constructor(
    private readonly fn: Traceable["fn"],
    private readonly options: ProgramOptions,
  ) {
    this.name = options.name ?? (fn.name || "anonymous");
  }

  /** The executor that programs are loaded by. */
  get executor(): Executor {
    return this.options.executor ?? defaultExecutor();
  }

  /** The function with example arguments, given as the leaves of its argument list and their structure. */
  traceable(structure: Structure, examples: readonly Tensor[]): Traceable {
    return { name: this.name, fn: this.fn, structure, examples };
  }

  /** The program for arguments of these shapes; a failed load is forgotten. */
  of(structure: Structure, examples: readonly Tensor[]): Promise<Program> {
    const key = `${structure}|${examples.map(signatureOf).join(";")}`;
    const known = this.loaded.get(key);
    if (known) return known;
    const program = this.executor.load(this.traceable(structure, examples));
    this.loaded.set(key, program);
    program.catch(() => this.loaded.delete(key));
    return program;
  }

  /** Frees the programs of all shapes. */
  dispose(): void {
    for (const program of this.loaded.values()) program.then((p) => p.dispose()).catch(() => {});
    this.loaded.clear();
  }
}
