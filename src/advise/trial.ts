import type { ArtefactStore } from "../artefacts/index.ts";
import { type CondenseOptions, condense, fitToBudget } from "../condense/index.ts";
import type { CondensedSet, Dataset } from "../data/dataset.ts";
import { AttarError, type Runtime } from "../engine/index.ts";
import { coresetAsSet, type Evaluation, evaluate, type Score } from "../evaluate/index.ts";
import { storedBytes } from "../evaluate/storage.ts";
import { type Summary, summary } from "../evaluate/summary.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/index.ts";
import { isDrawn } from "../synthetic/index.ts";
import type { Question, Trial, TrialScore, TrialSettings } from "./advice.ts";
import { baselines } from "./candidates.ts";
import { isStop, stoppedAfter } from "./deadline.ts";

/** What a set is made and scored with. */
export interface TrialOptions {
  readonly question: Question;
  readonly network: NetworkSpec;
  /** Options of every run, as far as a person gave them. */
  readonly condense: CondenseOptions;
  readonly artefacts?: ArtefactStore;
  readonly runtime?: Runtime;
  readonly signal: AbortSignal;
  readonly onStep?: (done: number, total: number, what: string) => void;
}

/** A run whose start alone takes so many times its share of the time is given up, beside some seconds. */
const patience = { times: 1.5, seconds: 5 };

/**
 * Makes a set within so many seconds and scores it.
 *
 * @returns the trial, or why there is none: it diverged, did not fit into its time, or was stopped
 */
export async function tried(
  dataset: Dataset,
  method: Method,
  ipc: number,
  seconds: number,
  options: TrialOptions,
): Promise<Trial | string> {
  try {
    const most = isCoreset(method) ? 1e6 : patience.times * seconds + patience.seconds;
    const make = (signal: AbortSignal) => made(dataset, method, ipc, seconds, { ...options, signal });
    const { set, settings, seconds: condensed } = await stoppedAfter(most, options.signal, make);
    const { score, bytes, seconds: scored } = await scoreOf(set, dataset, options);
    return { method: method.name, ipc, score, bytes, condensed, scored, settings };
  } catch (error) {
    if (isStop(error)) return `its start takes longer than its share of the time, ${seconds.toFixed(0)} s`;
    if (error instanceof AttarError) return error.message;
    throw error;
  }
}

/** A set that was made, and how. */
interface Made {
  readonly set: CondensedSet;
  readonly settings: TrialSettings;
  readonly seconds: number;
}

/**
 * Makes a set within so many seconds; a subset takes what it takes.
 *
 * @throws AttarError as `fitToBudget` and `condense` do; rejects with the signal's reason when it is aborted
 */
async function made(
  dataset: Dataset,
  method: Method,
  ipc: number,
  seconds: number,
  { question, condense: given, artefacts, runtime, signal, onStep }: TrialOptions,
): Promise<Made> {
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  const { seed } = question;
  if (baselines.includes(method.name) && given.record === undefined) {
    const set = await coresetAsSet(dataset, method.name, ipc, seed, signal);
    return { set, settings: {}, seconds: passed() };
  }
  const asked = { ...given, ipc, seed };
  const common = { artefacts, runtime, signal };
  const fitted = isCoreset(method) ? undefined : await fitToBudget(dataset, method, { ...asked, ...common, seconds });
  const run = condense(dataset, method, {
    ...(fitted?.options ?? asked),
    ...common,
    ...(fitted && { timeLimit: Math.max(0, seconds - passed()) }),
  });
  for await (const event of run) {
    if (event.event === "step") onStep?.(event.step, event.steps, "steps");
    if (event.event !== "done") continue;
    const { realBatch, classes, width } = fitted?.fitted ?? {};
    const settings = {
      ...(fitted && { steps: event.step, realBatch }),
      ...(classes !== undefined && { classes }),
      ...(width !== undefined && { width }),
      ...(given.network && { network: question.network }),
    };
    return { set: event.set, settings, seconds: passed() };
  }
  throw new Error("a run ended without its set");
}

/**
 * Scores a set on the held-out rows. Where the time is up in between, networks that were scored count.
 *
 * @throws AttarError "interrupted" where none was
 */
export async function scoreOf(
  set: CondensedSet,
  dataset: Dataset,
  { question, network, runtime, signal, onStep }: TrialOptions,
): Promise<{ score: TrialScore; bytes: number; seconds: number }> {
  const began = performance.now();
  const { epochs, networks, seed, reading } = question;
  const kept: Score[] = [];
  const readOf = ({ accuracy, readings }: Evaluation["results"][number]) => accuracy ?? readings?.[reading];
  const passed = () => (performance.now() - began) / 1000;
  const bytes = storedBytes(set);
  try {
    const { results } = await evaluate(set, dataset, {
      networks: [network],
      repeats: networks,
      epochs,
      seed,
      baselines: [],
      redrawn: baselines.includes(set.method) && isDrawn(set.method),
      anyContrast: true,
      scores: { get: () => undefined, set: async (_key, score) => void kept.push(score) },
      runtime,
      signal,
      onProgress: ({ repeat, epoch }) => onStep?.(repeat * epochs + epoch, networks * epochs, "scored"),
    });
    return { score: plain(readOf(results[0]!)!), bytes, seconds: passed() };
  } catch (error) {
    const values = kept.flatMap(({ values }) => values[reading] ?? []);
    if (!(error instanceof AttarError && error.code === "interrupted") || values.length === 0) throw error;
    return { score: plain(summary(values)), bytes, seconds: passed() };
  }
}

const plain = ({ mean, std, runs }: Summary): TrialScore => ({ mean, std, runs: [...runs] });
