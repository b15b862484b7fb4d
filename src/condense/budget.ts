import { type ArtefactStore, inMemory } from "../artefacts/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import { AttarError, defaultRuntime, type Runtime, size } from "../engine/index.ts";
import type { NetworkSpec } from "../hypotheses/index.ts";
import { isCoreset, type Method } from "../methods/method.ts";
import { type CondenseOptions, type Configuration, resolveConfiguration } from "./configuration.ts";
import { type Loop, openLoop } from "./loop.ts";

/** The settings of a run that are chosen for a budget of time. */
export interface Fitted {
  readonly steps: number;
  readonly realBatch: number;
  /** Classes that a step visits; all of them where left out. */
  readonly classes?: number;
  /** The width of the network that is looked through, where it is a narrower one than the recipe's. */
  readonly width?: number;
}

/** A step's cost, as it was measured. */
export interface StepCost {
  /** Seconds that a class costs, whatever its real batch. */
  readonly perClass: number;
  /** Seconds that a real image costs. */
  readonly perImage: number;
}

/** What a choice is made from. */
export interface Budget {
  /** Seconds that all steps may take. */
  readonly seconds: number;
  readonly cost: StepCost;
  readonly classes: number;
  /** Steps, and real images a class, that the recipe asks for. */
  readonly steps: number;
  readonly realBatch: number;
  /** Bytes of a real image as float32. */
  readonly imageBytes: number;
  /** True where a step may visit a part of the classes. */
  readonly divisible: boolean;
}

/** Real images a class and step that no budget goes below, where there are so many. */
const leastBatch = 8;
/** Steps that a run has at least where a step can be made smaller, so that it can be seen to go on and can end in time. */
const leastSteps = 100;
/** Bytes of a step's real batch. */
const mostBytes = 512 * 2 ** 20;
/** The share of a budget that is planned for: steps differ in length, and the set is written at the end. */
const planned = 0.9;
/** Classes of the step that is timed. */
const timedClasses = 10;

/**
 * The steps, real batch and classes a step that make the most of a budget: the recipe's batch where the recipe's steps fit at
 * it, a smaller one where more visits of every class are worth more than more images a visit, and as many classes a step as
 * leave a hundred steps. As many steps as fit.
 */
export function fit({ seconds, cost, classes, steps, realBatch, imageBytes, divisible }: Budget): Fitted {
  const visit = (batch: number) => cost.perClass + cost.perImage * batch;
  let batch = realBatch;
  while (batch > leastBatch && classes * visit(batch) * steps > seconds)
    batch = Math.max(leastBatch, Math.floor(batch / 2));
  const each = visit(batch);
  const inTime = Math.floor(seconds / leastSteps / each);
  const inMemory = Math.floor(mostBytes / (batch * imageBytes));
  const visited = divisible ? Math.max(1, Math.min(classes, inTime, inMemory)) : classes;
  return {
    steps: Math.max(1, Math.floor(seconds / (visited * each))),
    realBatch: batch,
    ...(visited < classes && { classes: visited }),
  };
}

export interface BudgetOptions extends CondenseOptions {
  /** Wall-clock seconds for the run. */
  readonly seconds: number;
  readonly artefacts?: ArtefactStore;
  readonly signal?: AbortSignal;
  readonly runtime?: Runtime;
}

/** The settings that fit a run into a budget. */
export interface WithinBudget {
  /** The options of the run: those given, with what was chosen. */
  readonly options: CondenseOptions;
  readonly fitted: Fitted;
  /** The network that is looked through before it is made narrower. */
  readonly network: NetworkSpec;
  /** Seconds that a step of these settings takes, by what was measured. */
  readonly secondsPerStep: number;
}

/**
 * Chooses steps, real batch and classes a step for a wall-clock budget from steps that are timed here (§5.3.3), and a narrower
 * network where a class would be visited less than twenty times. A value that the options fix stays. Choosing takes a part of the budget, and so does the start, which is timed too.
 *
 * @throws AttarError exit code 2 where `steps` is given, too, where the method takes no steps, or where the budget has passed
 * before a step was timed
 */
export async function fitToBudget(dataset: Dataset, method: Method, given: BudgetOptions): Promise<WithinBudget> {
  const { seconds, artefacts = inMemory, signal, runtime = defaultRuntime(), ...options } = given;
  if (isCoreset(method))
    throw new AttarError("bad-option", `${method.name} takes no steps that a budget could limit`, "leave --for out");
  if (options.steps !== undefined)
    throw new AttarError("bad-option", "steps and a budget of time are two ways to say how long", "leave --steps out");
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  const run = (configuration: Configuration) =>
    runtime.throughout(async () =>
      timedRun(await openLoop(readerOf(dataset), configuration, artefacts, options.start), seconds, signal),
    );
  const first = await fitting(dataset, method, options, { seconds, passed, run });
  const width = narrower(first, dataset.classes.length);
  if (width === undefined || options.network || options.settings?.[widthPath] !== undefined || passed() > seconds / 3)
    return first;
  const narrow = { ...options, settings: { ...options.settings, [widthPath]: width } };
  const second = await fitting(dataset, method, narrow, { seconds, passed, run });
  return { ...second, fitted: { ...second.fitted, width } };
}

const widthPath = "network.width";

/** Visits of a class below which a narrower network is looked through: a few steps of a wide one go nowhere. */
const leastVisits = 20;
/** The narrowest network that is chosen. */
const leastWidth = 32;

/**
 * The width of a network through which a class is visited often enough, where its cost goes by the width and by its square;
 * undefined where that of the recipe does, or there is no narrower one.
 */
export function narrower(
  { fitted: { steps, classes }, network }: Pick<WithinBudget, "fitted" | "network">,
  allClasses: number,
): number | undefined {
  const visits = (steps * (classes ?? allClasses)) / allClasses;
  const { width } = network.options;
  if (visits >= leastVisits || typeof width !== "number" || width <= leastWidth) return undefined;
  const wanted = width * (visits / leastVisits) ** (1 / 1.5);
  const halvings = Math.ceil(Math.log2(width / Math.max(wanted, leastWidth)) - 1e-9);
  const narrow = Math.max(leastWidth, Math.round(width / 2 ** halvings));
  return narrow < width ? narrow : undefined;
}

/** What a choice of settings is timed with. */
interface Timing {
  readonly seconds: number;
  /** Seconds that have passed since the budget began. */
  readonly passed: () => number;
  readonly run: (configuration: Configuration) => Promise<{ start: number; step: number }>;
}

async function fitting(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions,
  { seconds, passed, run }: Timing,
): Promise<WithinBudget> {
  const asked = resolveConfiguration(dataset, method, options);
  const classes = dataset.classes.length;
  const fixed = options.settings?.[partitionPath];
  const divided = (count: number): CondenseOptions | undefined => withClasses(dataset, method, options, count);
  const few = fixed !== undefined || classes <= timedClasses ? undefined : divided(timedClasses);
  const visited = few ? timedClasses : fixed === undefined ? classes : Number(fixed);
  const timed = (batch: number) =>
    run(resolveConfiguration(dataset, method, { ...(few ?? options), realBatch: batch }));
  const whole = await timed(asked.realBatch);
  const quarter = Math.max(1, Math.floor(asked.realBatch / 4));
  const scales = options.realBatch === undefined && quarter < asked.realBatch;
  const short = scales && passed() < seconds / 3 ? await timed(quarter) : whole;
  const left = planned * (seconds - passed() - whole.start);
  if (left <= whole.step)
    throw new AttarError(
      "bad-option",
      `a budget of ${Math.round(seconds)} s has passed before a run can begin: its start takes ${whole.start.toFixed(1)} s, a step ${whole.step.toFixed(1)} s`,
      `for example --for ${Math.ceil((passed() + whole.start + 100 * whole.step) / 60)}m`,
    );
  const cost = costOf(whole.step, short.step, visited, asked.realBatch, short === whole ? asked.realBatch : quarter);
  const chosen = fit({
    seconds: left,
    cost,
    classes: fixed === undefined ? classes : Number(fixed),
    steps: asked.steps,
    realBatch: asked.realBatch,
    imageBytes: 4 * size(dataset.shape),
    divisible: fixed === undefined && (classes <= timedClasses ? divided(1) : few) !== undefined,
  });
  const { steps, realBatch } = chosen;
  const whatFits = chosen.classes === undefined ? options : divided(chosen.classes)!;
  const secondsPerStep = (chosen.classes ?? visitedBy(asked, classes)) * (cost.perClass + cost.perImage * realBatch);
  return { options: { ...whatFits, steps, realBatch }, fitted: chosen, network: asked.network, secondsPerStep };
}

const partitionPath = "tricks.partition";

const visitedBy = ({ tricks }: Configuration, classes: number): number =>
  Number(tricks.find(({ name }) => name === "partition")?.options.classes ?? classes);

/** The options with so many classes a step; undefined where the method cannot be divided so. */
function withClasses(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions,
  count: number,
): CondenseOptions | undefined {
  const divided = { ...options, settings: { ...options.settings, [partitionPath]: count } };
  try {
    resolveConfiguration(dataset, method, divided);
    return divided;
  } catch (error) {
    if (error instanceof AttarError) return undefined;
    throw error;
  }
}

/** A line through two timings: what a class costs beside its images, and what an image does. Neither is below nought. */
function costOf(whole: number, short: number, classes: number, batch: number, fewer: number): StepCost {
  const perImage = batch > fewer ? Math.max(0, (whole - short) / (classes * (batch - fewer))) : 0;
  return { perImage, perClass: Math.max(whole / classes - perImage * batch, 0) };
}

/** Seconds of a run until its first step is done, as far as they are more than a step's, and of a step after the first. */
async function timedRun(loop: Loop, seconds: number, signal?: AbortSignal): Promise<{ start: number; step: number }> {
  try {
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    const first = await loop.step(await loop.start(signal));
    const compiled = since();
    signal?.throwIfAborted();
    const second = await loop.step(first.state);
    let step = since() - compiled;
    if (step < seconds / 50) {
      signal?.throwIfAborted();
      await loop.step(second.state);
      step = (since() - compiled) / 2;
    }
    return { start: Math.max(0, compiled - step), step };
  } finally {
    loop.dispose();
  }
}
