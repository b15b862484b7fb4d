import type { ArtefactStore } from "../artefacts/index.ts";
import { type CondensedSet, type Dataset, withheldChecksum } from "../data/dataset.ts";
import { type RealReader, readerOf } from "../data/reader.ts";
import { AttarError, defaultRuntime, type Runtime, type Tensor } from "../engine/index.ts";
import type { Method } from "../methods/method.ts";
import { NoiseKey } from "../privacy/index.ts";
import { type CondenseOptions, type Configuration, resolveConfiguration, wholeNumber } from "./configuration.ts";
import { doorToData } from "./doorToData.ts";
import type { CondenseEvent } from "./events.ts";
import { type Loop, openLoop } from "./loop.ts";
import { checkDrawnAlike, optionsFrom, readerOfSketch, type Sketch } from "./sketch/sketch.ts";
import type { State } from "./state.ts";

export interface RunOptions extends CondenseOptions {
  /** State to continue from; it must come from the same configuration. */
  state?: State;
  /** Stops after the step under way: a checkpoint event, then an AttarError with exit code 4. */
  signal?: AbortSignal;
  /** The store of networks trained on T, for methods that draw from them; made in memory when first drawn if left out. */
  artefacts?: ArtefactStore;
  /**
   * The runtime in which programs are loaded; they are freed when the run ends. The process's own where left out. Steps in
   * two runtimes take turns.
   */
  runtime?: Runtime;
  /** The reader of T; by default everything that asks may read. Of a private run it is the one behind the mechanism. */
  reader?: RealReader;
  /**
   * The 32 secret bytes that a private run draws coins and noise from; new ones where left out. A state continues under the
   * key that it began with only. Whoever keeps it can take the noise off again.
   */
  noiseKey?: Uint8Array;
  /** Is told of every release of a private run: its number and its means, [classes, numbers of a summand]. */
  onRelease?: (draw: number, means: Tensor) => void;
  /** Noised sums in place of T; dataset, method and options are then of {@link optionsFrom}. */
  sketch?: Sketch;
  /** Is told what a person should know of the start: how small the radii of a covering are. */
  onNote?: (note: string) => void;
  /**
   * Seconds after which the run ends with what it has, at the end of the step under way: the `done` event then names a step
   * before the last. Counted from the call on; without a limit where left out.
   */
  timeLimit?: number;
  /** Steps between checkpoint events; defaults to 25. */
  checkpointEvery?: number;
  /** Steps between snapshot events; defaults to a tenth of the run. */
  snapshotEvery?: number;
  /** Milliseconds, at least, between frame events: the set as it is, for whoever watches; none where left out. */
  frameEvery?: number;
}

/**
 * Condenses a dataset: an async iterator of events, the last of which carries the condensed set.
 *
 * @example
 * const mnist = await load("mnist");
 * for await (const event of condense(mnist, dm, { ipc: 10, seed: 0 })) if (event.event === "done") use(event.set);
 * @throws AttarError exit code 2 for a wrong option, 3 when the run diverges (the last good state went out as a
 * checkpoint), 4 when aborted.
 */
export async function* condense(
  dataset: Dataset,
  method: Method,
  options: RunOptions = {},
): AsyncGenerator<CondenseEvent, CondensedSet> {
  const { runtime = defaultRuntime() } = options;
  const configuration = runtime.enter(() => resolveConfiguration(dataset, method, options));
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const { steps } = configuration;
  const checkpointEvery = wholeNumber("checkpointEvery", options.checkpointEvery ?? 25, 1);
  const snapshotEvery = wholeNumber("snapshotEvery", options.snapshotEvery ?? Math.max(1, Math.ceil(steps / 10)), 1);
  const frameDue = every(options.frameEvery);
  const { sketch } = options;
  if (sketch) checkDrawnAlike(configuration, resolveConfiguration(dataset, method, optionsFrom(sketch, {})));
  if (configuration.privacy && !sketch && options.state && options.state.step < steps && !options.noiseKey)
    throw keyIsMissing();
  const key = options.noiseKey ?? NoiseKey.fresh();
  const reader = sketch
    ? readerOfSketch(sketch)
    : await doorToData(options.reader ?? readerOf(dataset), configuration, key, options.onRelease);
  const loop = await runtime.throughout(() => openLoop(reader, configuration, options.artefacts, options.start));
  const setAt = (state: State) => runtime.throughout(() => condensedSet(dataset, configuration, loop, state));
  try {
    yield { event: "start", configuration, step: options.state?.step ?? 0 };
    let state = options.state ?? (await runtime.throughout(() => startOf(loop, steps, options)));
    if (!options.state) yield { event: "checkpoint", step: 0, state };
    if (frameDue()) yield { event: "frame", step: state.step, set: await setAt(state) };
    const inTime = () => options.timeLimit === undefined || state.step === 0 || seconds() < options.timeLimit;
    while (state.step < steps && inTime()) {
      if (options.signal?.aborted) {
        yield { event: "checkpoint", step: state.step, state };
        throw interruptedAt(state.step, steps);
      }
      const last = state;
      try {
        const next = await runtime.throughout(() => loop.step(state));
        state = next.state;
        yield { event: "step", step: state.step, steps, loss: next.loss, seconds: seconds() };
      } catch (error) {
        if (error instanceof AttarError && error.exitCode === 3)
          yield { event: "checkpoint", step: last.step, state: last };
        throw last === options.state ? misfit(error, last.step) : error;
      }
      if (state.step % checkpointEvery === 0 || state.step === steps || !inTime())
        yield { event: "checkpoint", step: state.step, state };
      if (state.step % snapshotEvery === 0 && state.step < steps)
        yield { event: "snapshot", step: state.step, set: await setAt(state) };
      if (state.step < steps && frameDue()) yield { event: "frame", step: state.step, set: await setAt(state) };
    }
    const set = await setAt(state).catch((error) => {
      throw state === options.state ? misfit(error, state.step) : error;
    });
    const { pushForward } = loop;
    yield { event: "done", step: state.step, seconds: seconds(), set, ...(pushForward && { pushForward }) };
    return set;
  } finally {
    loop.dispose();
  }
}

/** A question that is answered with yes at first, and then whenever so many milliseconds have gone by; never without them. */
function every(milliseconds: number | undefined): () => boolean {
  if (milliseconds === undefined) return () => false;
  const pause = wholeNumber("frameEvery", milliseconds, 0);
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < pause) return false;
    last = now;
    return true;
  };
}

async function startOf(loop: Loop, steps: number, { signal, onNote }: RunOptions): Promise<State> {
  try {
    return await loop.start(signal, onNote);
  } catch (error) {
    throw signal?.aborted && steps > 0 ? interruptedAt(0, steps) : error;
  }
}

/** The error of a private run that goes on with other noise: what was released with both could be compared. */
export const keyIsMissing = () =>
  new AttarError(
    "noise-key-missing",
    "the key of the noise of this private run is not there, and without it no step can be drawn as it was",
    "start over with --force, which spends ε anew",
  );

const interruptedAt = (step: number, steps: number) =>
  new AttarError(
    "interrupted",
    `interrupted at step ${step} of ${steps}; everything up to it is kept`,
    "continue with the same command and --resume",
    4,
  );

/** The error of a first step from a state that was handed in: one that is no state of this run fails somewhere within. */
function misfit(error: unknown, step: number): unknown {
  if (error instanceof AttarError || !(error instanceof Error) || error.name === "AbortError") return error;
  return new AttarError(
    "damaged-checkpoint",
    `the checkpoint of step ${step} does not fit this run (${error.message.split("\n")[0]})`,
    "put back a copy of it, or start over with --force",
    1,
  );
}

/** The facts that every condensed set states beside its images. */
function described(dataset: Dataset, configuration: Configuration) {
  return {
    shape: dataset.shape,
    classes: dataset.classes,
    ...(dataset.target && { target: dataset.target }),
    normalisation: dataset.normalisation,
    ...(dataset.table && { table: dataset.table }),
    dataset: dataset.name,
    // A checksum would confirm a guess at a private T.
    datasetChecksum: configuration.privacy ? withheldChecksum : dataset.checksum,
    method: configuration.method,
    ipc: configuration.ipc,
    augmentation: configuration.augmentation,
  };
}

/** The artefact: class-major images with everything a foreign reader needs; decoded where S is stored in another form. */
async function condensedSet(
  dataset: Dataset,
  configuration: Configuration,
  loop: Loop,
  state: State,
): Promise<CondensedSet> {
  const { images, labels, softLabels, loss, learningRate } = await loop.trainingSet(state.slots.variables);
  return {
    ...described(dataset, configuration),
    images: images.data as Float32Array,
    labels,
    ...(softLabels && { [dataset.target ? "values" : "softLabels"]: softLabels.data as Float32Array }),
    ...(softLabels && !dataset.target && loss === "squared-error" && { loss }),
    ...(learningRate !== undefined && { learningRate }),
    ...(images.data.length !== loop.storedFloats && { storedFloats: loop.storedFloats }),
    ...loop.coded(state.slots.variables),
  };
}
