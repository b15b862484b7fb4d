import type { Array as Traced } from "@jax-js/jax";
import type { Dataset } from "../data/dataset.ts";
import { multiplyAdds, randomKey, size, zeros } from "../engine/index.ts";
import { buildNetwork, type Params, type TracedParams } from "../hypotheses/index.ts";
import type { Method } from "../methods/method.ts";
import { type CondenseOptions, resolveConfiguration } from "./configuration.ts";
import { matcher } from "./match.ts";

/** What a run will cost. */
export interface Estimate {
  /** Bytes of S as float32. Exact. */
  readonly syntheticBytes: number;
  /** Bytes of the dataset in memory, both splits. Exact. */
  readonly datasetBytes: number;
  /** Numbers in one hypothesis. Exact. */
  readonly parameters: number;
  /** Host bytes that a step holds: S, its momentum, their successors, one real batch, one hypothesis. Activations and the
   * runtime's own memory come on top. */
  readonly stepBytes: number;
  /**
   * Floating-point operations a step, two a multiply-add, of the network's convolutions and products: one forward pass of
   * the real batch, and three of the synthetic images for their gradient. Counted in the traced function, the same on
   * every machine; elementwise work is left out.
   */
  readonly flopsPerStep: number;
  readonly flops: number;
  /** `flops` at an assumed 100 GFLOP/s: a scale, not a promise. */
  readonly secondsAt100Gflops: number;
  /** The faster of two steps timed on this machine after a first one; only where `measure` was asked for. */
  readonly measuredSecondsPerStep?: number;
  /** `measuredSecondsPerStep` times the steps. */
  readonly measuredSeconds?: number;
}

/**
 * Estimates a run before it starts. Without `measure` nothing is executed.
 *
 * @throws AttarError as `condense` does for wrong options
 */
export async function estimate(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions & { measure?: boolean },
): Promise<Estimate> {
  const configuration = resolveConfiguration(dataset, method, options);
  const classes = dataset.classes.length;
  const synthetic = classes * configuration.ipc;
  const real = classes * configuration.realBatch;
  const imageBytes = size(dataset.shape) * 4;
  const known = {
    syntheticBytes: synthetic * imageBytes,
    datasetBytes: dataset.train.images.byteLength + dataset.test.images.byteLength,
  };
  if (method.loop !== "match")
    return {
      ...known,
      parameters: 0,
      stepBytes: known.syntheticBytes,
      flopsPerStep: 0,
      flops: 0,
      secondsAt100Gflops: 0,
    };
  const network = buildNetwork(configuration.network, dataset.shape, classes);
  const params = network.init(randomKey(0));
  const embed = (p: TracedParams, x: Traced) => network.embed(p, x);
  const macs = await multiplyAdds(embed, [params, zeros([1, ...dataset.shape])], "embedding");
  const parameters = count(params);
  const flopsPerStep = 2 * macs * (real + 3 * synthetic);
  const flops = flopsPerStep * configuration.steps;
  const seconds = options.measure ? await timedStep(dataset, method, options) : undefined;
  return {
    ...known,
    parameters,
    stepBytes: 4 * known.syntheticBytes + real * imageBytes + parameters * 4,
    flopsPerStep,
    flops,
    secondsAt100Gflops: Math.round(flops / 1e11),
    ...(seconds !== undefined && {
      measuredSecondsPerStep: seconds,
      measuredSeconds: seconds * configuration.steps,
    }),
  };
}

function count(params: Params): number {
  let n = 0;
  for (const layer of Object.values(params)) for (const t of Object.values(layer)) n += t.data.length;
  return n;
}

async function timedStep(dataset: Dataset, method: Method, options: CondenseOptions): Promise<number> {
  const loop = matcher(dataset, method, resolveConfiguration(dataset, method, options));
  try {
    let { state } = await loop.step(await loop.start());
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2; i++) {
      const started = performance.now();
      ({ state } = await loop.step(state));
      least = Math.min(least, performance.now() - started);
    }
    return least / 1000;
  } finally {
    loop.dispose();
  }
}
