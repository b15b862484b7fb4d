import type { Target } from "../lower/emitter.ts";
import { lower, type OnnxProgram, type OutputType } from "../lower/index.ts";
import type { Tensor } from "../tensor.ts";
import { trace } from "../trace.ts";
import type { Executor, Program, SampleSizes, Traceable } from "./executor.ts";
import type { Lane } from "./lane.ts";

export type { OnnxProgram, OutputType } from "../lower/index.ts";

/** Arrays by the names of a model's inputs. */
export type Feeds = Record<string, Tensor>;

/** A loaded ONNX model. */
export interface OnnxRunner {
  run(feeds: Feeds): Promise<Tensor[]>;
  /** Closes its sessions. */
  dispose(): Promise<void>;
}

/** The inputs that all jobs of a model see: feeds, and another model's results of them, under the names of its outputs. */
export interface Shared {
  readonly feeds: Feeds;
  readonly prelude?: OnnxSession;
}

/** A model that is loaded into the threads that run it. */
export interface OnnxSession extends OnnxRunner {
  /** See {@link Program.sum}: `names[k]` is fed `job[k]` of each job. */
  sum(shared: Shared, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[]>;
  /** See {@link Program.map}. */
  map(shared: Shared, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[][]>;
  /** See {@link Program.mapAfterSums}. */
  mapAfterSums(
    shared: Shared,
    names: readonly string[],
    jobs: readonly (readonly Tensor[])[],
    before: FeedsBefore,
  ): Promise<Tensor[][]>;
  /** Loads the model into a lane. */
  openIn(lane: Lane): Promise<OpenedModel>;
}

/** The facts that a message needs to run a model in a lane. */
export interface OpenedModel {
  readonly key: number;
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
}

/** {@link SumsBefore}, as feeds. */
export interface FeedsBefore {
  readonly session: OnnxSession;
  readonly shared: Shared;
  readonly names: readonly string[];
  readonly runs: readonly (readonly (readonly Tensor[])[])[];
  /** The input that each result is fed to; undefined where the job does not read it. */
  readonly into: readonly (string | undefined)[];
}

/** A program made ready for many jobs: what varies is left to `body`, the rest is shared. */
interface Prepared {
  readonly body: OnnxSession;
  readonly shared: Shared;
  /** The positions that the body reads among those that vary, and their names. */
  readonly kept: readonly number[];
  readonly names: readonly string[];
}

const preparations = new WeakMap<Program, (inputs: readonly Tensor[], positions: readonly number[]) => Prepared>();

/** The parts of ONNX Runtime that differ between Node and a browser. */
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
      /** The arrays that a program reads and that are the function's own: input k is named i`k`, after those it captured. */
      const feed = (inputs: readonly Tensor[], names: readonly string[]): Feeds => {
        const feeds: Feeds = {};
        for (const name of names) {
          const k = name.startsWith("i") ? Number(name.slice(1)) : Number.NaN;
          const t = k < captured.length ? captured[k] : inputs[k - captured.length];
          if (t) feeds[name] = t;
        }
        return feeds;
      };
      let whole: OnnxSession | undefined;
      const parts = new Map<string, { prelude?: OnnxSession; body: OnnxSession; read: ReadonlySet<string> }>();
      const partsFor = (names: readonly string[]) => {
        const key = String(names);
        let found = parts.get(key);
        if (!found) {
          const { prelude, body } = lowered.split(new Set(names));
          const read = new Set([...body.inputs, ...(prelude?.inputs ?? [])]);
          found = { body: open(body, lowered.outputs), read, ...(prelude && { prelude: open(prelude) }) };
          parts.set(key, found);
        }
        return found;
      };
      const program: Program = {
        outputs,
        run(inputs) {
          whole ??= open(lowered.whole, lowered.outputs);
          return whole.run(feed(inputs, lowered.whole.inputs));
        },
        async dispose() {
          const own = [...parts.values()].flatMap(({ prelude, body }) => (prelude ? [prelude, body] : [body]));
          if (whole) own.push(whole);
          await Promise.all(own.map((session) => session.dispose()));
        },
      };
      const prepared = (inputs: readonly Tensor[], positions: readonly number[]): Prepared => {
        const names = positions.map((p) => `i${p + captured.length}`);
        const { prelude, body, read } = partsFor(names);
        const fixed = [...read].filter((name) => !names.includes(name));
        const kept = names.flatMap((name, k) => (read.has(name) ? [k] : []));
        return { body, shared: { feeds: feed(inputs, fixed), prelude }, kept, names: kept.map((k) => names[k]!) };
      };
      preparations.set(program, prepared);
      const reduced = (jobs: readonly (readonly Tensor[])[], kept: readonly number[]) =>
        jobs.map((job) => kept.map((k) => job[k]!));
      /** The only job there is. */
      const alone = (inputs: readonly Tensor[], positions: readonly number[], [job]: readonly (readonly Tensor[])[]) =>
        program.run(inputs.map((t, i) => job![positions.indexOf(i)] ?? t));
      program.sum = (inputs, positions, jobs) => {
        if (jobs.length === 1) return alone(inputs, positions, jobs);
        const { body, shared, kept, names } = prepared(inputs, positions);
        return body.sum(shared, names, reduced(jobs, kept));
      };
      program.map = async (inputs, positions, jobs) => {
        if (jobs.length === 1) return [await alone(inputs, positions, jobs)];
        const { body, shared, kept, names } = prepared(inputs, positions);
        return body.map(shared, names, reduced(jobs, kept));
      };
      program.mapAfterSums = (inputs, positions, jobs, before) => {
        const { body, shared, kept, names } = prepared(inputs, [...positions, ...before.into]);
        const first = preparations.get(before.program)!(before.inputs, before.positions);
        const given = kept.filter((k) => k < positions.length);
        const into = before.into.map((_, k) => names[kept.indexOf(positions.length + k)]);
        const sums: FeedsBefore = {
          session: first.body,
          shared: first.shared,
          names: first.names,
          runs: before.runs.map((runs) => reduced(runs, first.kept)),
          into,
        };
        return body.mapAfterSums(shared, names.slice(0, given.length), reduced(jobs, given), sums);
      };
      return program;
    },
  };
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
