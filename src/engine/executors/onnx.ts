import type { Target } from "../lower/emitter.ts";
import { lower, type OnnxProgram, type OutputType } from "../lower/index.ts";
import type { Tensor } from "../tensor.ts";
import { trace } from "../trace.ts";
import type { Executor, Program, SampleSizes, Traceable } from "./executor.ts";

export type { OnnxProgram, OutputType } from "../lower/index.ts";

/** Arrays by the names of a model's inputs. */
export type Feeds = Record<string, Tensor>;

/** A loaded ONNX model. */
export interface OnnxSession {
  run(feeds: Feeds): Promise<Tensor[]>;
  /** See {@link Program.sum}: `names[k]` is fed `job[k]` of each job. */
  sum?(feeds: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[]>;
  /** See {@link Program.map}. */
  map?(feeds: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[][]>;
  dispose(): void;
}

/** What differs between ONNX Runtime in Node and in a browser. */
export interface OnnxBackend {
  readonly name: string;
  readonly sizes?: SampleSizes;
  target(): Promise<Target>;
  /** Loads a model; `outputs` are the types of its results where they are known, float32 of unknown shape elsewhere. */
  open(program: OnnxProgram, name: string, outputs?: readonly OutputType[]): OnnxSession;
}

/** Traces, optimises, lowers to ONNX and runs on a backend. */
export function onnxExecutor(backend: OnnxBackend): Executor {
  return {
    name: backend.name,
    sizes: backend.sizes,
    async load(traceable: Traceable): Promise<Program> {
      const { graph, captured, outputs } = await trace(traceable);
      const lowered = lower(graph, traceable.name, await backend.target());
      const open = (program: OnnxProgram, types?: readonly OutputType[]) =>
        backend.open(program, traceable.name, types);
      const feed = (inputs: readonly Tensor[]): Feeds =>
        Object.fromEntries([...captured, ...inputs].map((t, i) => [`i${i}`, t]));
      let whole: OnnxSession | undefined;
      const parts = new Map<
        string,
        { prelude?: OnnxSession; preludeProgram?: OnnxProgram; body: OnnxSession; read: readonly string[] }
      >();
      const partsFor = (names: readonly string[]) => {
        const key = String(names);
        let found = parts.get(key);
        if (!found) {
          const { prelude, body } = lowered.split(new Set(names));
          found = { body: open(body, lowered.outputs), read: body.inputs };
          if (prelude) found = { ...found, prelude: open(prelude), preludeProgram: prelude };
          parts.set(key, found);
        }
        return found;
      };
      const program: Program = {
        outputs,
        run(inputs) {
          whole ??= open(lowered.whole, lowered.outputs);
          return whole.run(pick(feed(inputs), lowered.whole.inputs));
        },
        dispose() {
          whole?.dispose();
          for (const p of parts.values()) {
            p.prelude?.dispose();
            p.body.dispose();
          }
        },
      };
      const prepared = async (
        inputs: readonly Tensor[],
        positions: readonly number[],
        jobs: readonly (readonly Tensor[])[],
      ) => {
        const names = positions.map((p) => `i${p + captured.length}`);
        const { prelude, preludeProgram, body, read } = partsFor(names);
        const feeds = feed(inputs);
        if (prelude && preludeProgram) {
          const values = await prelude.run(pick(feeds, preludeProgram.inputs));
          preludeProgram.outputs.forEach((name, i) => {
            feeds[name] = values[i]!;
          });
        }
        const kept = names.flatMap((name, k) => (read.includes(name) ? [k] : []));
        const varying = kept.map((k) => names[k]!);
        const fixed = pick(
          feeds,
          read.filter((name) => !varying.includes(name)),
        );
        const runOne = (job: readonly Tensor[]) => body.run(withJob(fixed, varying, job));
        return { body, fixed, varying, shares: jobs.map((job) => kept.map((k) => job[k]!)), runOne };
      };
      program.sum = async (inputs, positions, jobs) => {
        const { body, fixed, varying, shares, runOne } = await prepared(inputs, positions, jobs);
        return body.sum ? body.sum(fixed, varying, shares) : addUp(shares, runOne);
      };
      program.map = async (inputs, positions, jobs) => {
        const { body, fixed, varying, shares, runOne } = await prepared(inputs, positions, jobs);
        if (body.map) return body.map(fixed, varying, shares);
        const results: Tensor[][] = [];
        for (const job of shares) results.push(await runOne(job));
        return results;
      };
      return program;
    },
  };
}

const pick = (feeds: Feeds, names: readonly string[]): Feeds => Object.fromEntries(names.map((n) => [n, feeds[n]!]));

/** The feeds of one job. */
export function withJob(fixed: Feeds, names: readonly string[], job: readonly Tensor[]): Feeds {
  return { ...fixed, ...Object.fromEntries(names.map((name, k) => [name, job[k]!])) };
}

/** Runs the jobs one after the other and adds their results up in order. */
export async function addUp<J>(jobs: readonly J[], run: (job: J) => Promise<Tensor[]>): Promise<Tensor[]> {
  let total: Tensor[] | undefined;
  for (const job of jobs) {
    const term = await run(job);
    if (!total) total = term;
    else for (const [k, t] of term.entries()) addInto(total[k]!, t);
  }
  return total ?? [];
}

/** Adds `term` into `sum`, element by element. */
export function addInto(sum: Tensor, term: Tensor): void {
  const [s, t] = [sum.data, term.data];
  for (let i = 0; i < s.length; i++) s[i] = s[i]! + t[i]!;
}
