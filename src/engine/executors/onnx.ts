import type { Target } from "../lower/emitter.ts";
import { lower } from "../lower/index.ts";
import { deadCode } from "../passes/deadCode.ts";
import { allocate, type DType, size, Tensor } from "../tensor.ts";
import { trace } from "../trace.ts";
import type { Executor, Program, Traceable } from "./executor.ts";

/** A loaded ONNX model: feeds by name in, outputs by name out. */
export interface OnnxSession {
  run(feeds: Record<string, Tensor>, outputs: readonly OutputType[]): Promise<Tensor[]>;
  sum?(
    feeds: Record<string, Tensor>,
    names: readonly string[],
    jobs: readonly (readonly Tensor[])[],
    outputs: readonly OutputType[],
  ): Promise<Tensor[]>;
  dispose(): void;
}

export interface OutputType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** What differs between ONNX Runtime in Node and in a browser. */
export interface OnnxBackend {
  readonly name: string;
  target(): Promise<Target>;
  open(model: Uint8Array, program: string): Promise<OnnxSession>;
}

/** Traces, optimises, lowers to ONNX and runs on a backend. */
export function onnxExecutor(backend: OnnxBackend): Executor {
  return {
    name: backend.name,
    async load(traceable: Traceable): Promise<Program> {
      const { graph, captured, outputs } = await trace(traceable);
      const lowered = lower(deadCode(graph), traceable.name, await backend.target());
      const session = await backend.open(lowered.model, traceable.name);
      const feed = (inputs: readonly Tensor[]) => {
        const all = [...captured, ...inputs];
        const feeds: Record<string, Tensor> = {};
        for (const i of lowered.inputs) feeds[`i${i}`] = all[i]!;
        return feeds;
      };
      const program: Program = {
        outputs,
        run: (inputs) => session.run(feed(inputs), lowered.outputs),
        dispose: () => session.dispose(),
      };
      if (session.sum) {
        program.sum = (inputs, positions, jobs) => {
          const kept = positions.flatMap((p, k) => (lowered.inputs.includes(p + captured.length) ? [k] : []));
          const names = kept.map((k) => `i${positions[k]! + captured.length}`);
          return session.sum!(
            feed(inputs),
            names,
            jobs.map((job) => kept.map((k) => job[k]!)),
            lowered.outputs,
          );
        };
      }
      return program;
    },
  };
}

/** Adds `term` into `sum`, element by element. */
export function addInto(sum: Tensor, term: Tensor): void {
  const [s, t] = [sum.data, term.data];
  for (let i = 0; i < s.length; i++) s[i] = s[i]! + t[i]!;
}

/** Zero tensors of the given types. */
export function emptyOutputs(outputs: readonly OutputType[]): Tensor[] {
  return outputs.map((o) => new Tensor(allocate(o.dtype, size(o.shape)), o.shape, o.dtype));
}
