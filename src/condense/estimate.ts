import { untrained } from "../artefacts/index.ts";
import { bytesOf, type Dataset } from "../data/dataset.ts";
import { readerOf } from "../data/reader.ts";
import { AttarError, defaultRuntime, type Runtime, size } from "../engine/index.ts";
import type { Method } from "../methods/method.ts";
import { NoiseKey } from "../privacy/index.ts";
import { type CondenseOptions, type Configuration, resolveConfiguration } from "./configuration.ts";
import { doorToData } from "./doorToData.ts";
import { type Loop, openLoop } from "./loop.ts";

/** The cost of a run, estimated. */
export interface RunEstimate {
  /** Bytes of S as float32, as it is stored. Exact. */
  readonly syntheticBytes: number;
  /** Bytes of the dataset in memory, both splits. Exact. */
  readonly datasetBytes: number;
  /** Numbers in one hypothesis. Exact. */
  readonly parameters: number;
  /** Host bytes that a step holds: S, its momentum, their successors, one real batch, one hypothesis. Activations and the
   * runtime's own memory come on top. */
  readonly stepBytes: number;
  /**
   * Floating-point operations a step, two a multiply-add, of convolutions and products: counted in the traced functions of
   * the objective and its gradient, and three passes for every image that networks are trained on between steps; of training
   * on S that is differentiated, three passes an image and step, and six for the derivative. The same
   * on every machine; elementwise work is left out.
   */
  readonly flopsPerStep: number;
  readonly flops: number;
  /** `flops` at an assumed 100 GFLOP/s: a scale, not a promise. */
  readonly secondsAt100Gflops: number;
  /**
   * The faster of two steps timed on this machine after a first one; only where `measure` was asked for. Of a private run whose
   * releases come again, the mean over steps that draw one and steps that have it.
   */
  readonly measuredSecondsPerStep?: number;
  /** `measuredSecondsPerStep` times the steps; networks trained on T beforehand are left out. */
  readonly measuredSeconds?: number;
  /** Peak memory of this process after those steps, where the platform says it. */
  readonly measuredPeakMemoryBytes?: number;
}

/**
 * Estimates a run before it starts. Without `measure` nothing is executed.
 *
 * @throws AttarError as `condense` does for wrong options
 */
export async function estimate(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions & { measure?: boolean; signal?: AbortSignal; runtime?: Runtime } = {},
): Promise<RunEstimate & { configuration: Configuration }> {
  const configuration = resolveConfiguration(dataset, method, options);
  const classes = dataset.classes.length;
  const imageBytes = size(dataset.shape) * 4;
  const datasetBytes = bytesOf(dataset);
  const { runtime = defaultRuntime() } = options;
  // What a step costs does not hang on where S starts: no encoder is fitted for it.
  const { selection: _, ...timed } = configuration;
  const reader = await doorToData(readerOf(dataset), configuration, NoiseKey.fresh());
  const loop = await runtime.throughout(() => openLoop(reader, timed, untrained));
  try {
    const { parameters, storedFloats } = loop;
    const flopsPerStep = 2 * (await runtime.throughout(() => loop.multiplyAdds()));
    const flops = flopsPerStep * configuration.steps;
    const seconds =
      options.measure && configuration.steps > 0
        ? await runtime.throughout(() => timedStep(loop, configuration, options.signal))
        : undefined;
    return {
      configuration,
      syntheticBytes: storedFloats * 4,
      datasetBytes,
      parameters,
      stepBytes:
        (configuration.steps > 0 ? 4 : 1) * storedFloats * 4 +
        classes * configuration.realBatch * imageBytes +
        parameters * 4,
      flopsPerStep,
      flops,
      secondsAt100Gflops: Math.round(flops / 1e11),
      ...(seconds !== undefined && {
        measuredSecondsPerStep: seconds,
        measuredSeconds: seconds * configuration.steps,
        ...peakMemory(),
      }),
    };
  } finally {
    loop.dispose();
  }
}

function peakMemory(): { measuredPeakMemoryBytes?: number } {
  const usage = (globalThis as { process?: { resourceUsage?(): { maxRSS: number } } }).process?.resourceUsage?.();
  return usage ? { measuredPeakMemoryBytes: usage.maxRSS * 1024 } : {};
}

/** @throws AttarError "diverged" (exit code 3) where the run would not get beyond the steps that are timed */
async function timedStep(loop: Loop, { steps, privacy }: Configuration, signal?: AbortSignal): Promise<number> {
  const drawing = Math.min(steps, privacy?.releases ?? steps) / steps;
  try {
    const { once, again } = await timeSteps(loop, drawing < 1, signal);
    return drawing < 1 ? drawing * once + (1 - drawing) * again : once;
  } catch (error) {
    if (!(error instanceof AttarError) || error.code !== "diverged") throw error;
    const what = error.message.split(": ")[0]!;
    throw new AttarError("diverged", `${what}: the run would diverge`, error.hint, 3);
  }
}

/** Seconds of a step, and where `twice` of the same step once more: what it has read of T is remembered then. */
async function timeSteps(loop: Loop, twice: boolean, signal?: AbortSignal): Promise<{ once: number; again: number }> {
  let { state } = await loop.step(await loop.start(signal));
  let [once, again] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < 2; i++) {
    signal?.throwIfAborted();
    const started = performance.now();
    const next = await loop.step(state);
    once = Math.min(once, performance.now() - started);
    if (twice) {
      const resumed = performance.now();
      await loop.step(state);
      again = Math.min(again, performance.now() - resumed);
    }
    ({ state } = next);
  }
  return { once: once / 1000, again: again / 1000 };
}
