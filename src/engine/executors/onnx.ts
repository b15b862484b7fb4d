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
export interface OnnxSession {
  run(feeds: Feeds): Promise<Tensor[]>;
  /** See {@link Program.sum}: `names[k]` is fed `job[k]` of each job. */
  sum?(feeds: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[]>;
  /** See {@link Program.map}. */
  map?(feeds: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[][]>;
  /** See {@link Program.mapAfterSums}; `before.session` must be one that opens in a lane. */
  mapAfterSums?(
    feeds: Feeds,
    names: readonly string[],
    jobs: readonly (readonly Tensor[])[],
    before: FeedsBefore,
  ): Promise<Tensor[][]>;
  /** Loads the model into a lane; what a message needs to run it there. */
  openIn?(lane: Lane): Promise<{ key: number; outputNames: readonly string[] }>;
  dispose(): void;
}

/** {@link SumsBefore}, as feeds. */
export interface FeedsBefore {
  readonly session: OnnxSession;
  readonly feeds: Feeds;
  readonly names: readonly string[];
  readonly runs: readonly (readonly (readonly Tensor[])[])[];
  /** What each result is fed to; nothing where the job does not read it. */
  readonly into: readonly (string | undefined)[];
}

/** A program made ready for many jobs: what varies is left to `body`, the rest is in `fixed`. */
interface Prepared {
  readonly body: OnnxSession;
  readonly fixed: Feeds;
  /** Of the positions that vary, those that the body reads, and their names. */
  readonly kept: readonly number[];
  readonly names: readonly string[];
}

const preparations = new WeakMap<
  Program,
  (inputs: readonly Tensor[], positions: readonly number[]) => Promise<Prepared>
>();

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
      /** Of what a program reads, the arrays that are the function's own: input k is named i`k`, after those it captured. */
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
          return whole.run(feed(inputs, lowered.whole.inputs));
        },
        dispose() {
          whole?.dispose();
          for (const p of parts.values()) {
            p.prelude?.dispose();
            p.body.dispose();
          }
        },
      };
      const prepared = async (inputs: readonly Tensor[], positions: readonly number[]): Promise<Prepared> => {
        const names = positions.map((p) => `i${p + captured.length}`);
        const { prelude, preludeProgram, body, read } = partsFor(names);
        const fixed = feed(
          inputs,
          read.filter((name) => !names.includes(name)),
        );
        if (prelude && preludeProgram) {
          const values = await prelude.run(feed(inputs, preludeProgram.inputs));
          preludeProgram.outputs.forEach((name, i) => {
            fixed[name] = values[i]!;
          });
        }
        const kept = names.flatMap((name, k) => (read.includes(name) ? [k] : []));
        return { body, fixed, kept, names: kept.map((k) => names[k]!) };
      };
      preparations.set(program, prepared);
      const reduced = (jobs: readonly (readonly Tensor[])[], kept: readonly number[]) =>
        jobs.map((job) => kept.map((k) => job[k]!));
      program.sum = async (inputs, positions, jobs) => {
        const { body, fixed, kept, names } = await prepared(inputs, positions);
        return summed(body, fixed, names, reduced(jobs, kept));
      };
      program.map = async (inputs, positions, jobs) => {
        const { body, fixed, kept, names } = await prepared(inputs, positions);
        const shares = reduced(jobs, kept);
        if (body.map) return body.map(fixed, names, shares);
        const results: Tensor[][] = [];
        for (const job of shares) results.push(await body.run(withJob(fixed, names, job)));
        return results;
      };
      program.mapAfterSums = async (inputs, positions, jobs, before) => {
        const { body, fixed, kept, names } = await prepared(inputs, [...positions, ...before.into]);
        const first = await preparations.get(before.program)!(before.inputs, before.positions);
        if (!first.body.openIn) return undefined;
        const given = kept.filter((k) => k < positions.length);
        const shares = reduced(jobs, given);
        const into = before.into.map((_, k) => names[kept.indexOf(positions.length + k)]);
        const sums: FeedsBefore = {
          session: first.body,
          feeds: first.fixed,
          names: first.names,
          runs: before.runs.map((runs) => reduced(runs, first.kept)),
          into,
        };
        const own = names.slice(0, given.length);
        return body.mapAfterSums?.(fixed, own, shares, sums);
      };
      return program;
    },
  };
}

/** The results of all jobs, added up in order. */
function summed(session: OnnxSession, fixed: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]) {
  return session.sum ? session.sum(fixed, names, jobs) : addUp(jobs, (job) => session.run(withJob(fixed, names, job)));
}

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
