import { estimate } from "../../../condense/index.ts";
import { AttarError } from "../../../engine/errors.ts";
import { openEnergyMeter } from "../../metrics/energy.node.ts";
import type { Job } from "../job.ts";
import { ask, checkKey } from "./condense.node.ts";
import type { Found, Running } from "./run.ts";

/** Steps that `estimate` takes. */
const timedSteps = 3;

/**
 * Steps of a condensation timed, the faster of two after a first, and their multiply-adds counted; with the mean power of processors
 * and memory meanwhile, where the machine can tell; and the seconds beside the steps, of compiling and starting.
 */
export async function runTime(job: Job<"time">, { signal }: Running): Promise<Found> {
  const { dataset, method, options } = await ask(job.task);
  checkKey(job, dataset, method, options);
  const meter = await openEnergyMeter();
  const began = performance.now();
  const timed = await estimate(dataset, method, { ...options, measure: true, signal }).catch(divergence);
  const energy = await meter.stop();
  const passed = (performance.now() - began) / 1000;
  if (timed instanceof AttarError) return { status: "diverged", reason: timed.message, outputs: {}, values: {} };
  const { flopsPerStep, measuredSecondsPerStep, measuredSeconds, measuredPeakMemoryBytes, configuration } = timed;
  const watts = "joules" in energy ? energy.joules / passed : undefined;
  return {
    status: "ok",
    outputs: {},
    values: {
      steps: configuration.steps,
      multiplyAddsPerStep: flopsPerStep / 2,
      secondsPerStep: measuredSecondsPerStep ?? 0,
      seconds: measuredSeconds ?? 0,
      startSeconds: Math.max(0, passed - timedSteps * (measuredSecondsPerStep ?? 0)),
      ...(watts === undefined ? energy : { watts }),
      ...(measuredPeakMemoryBytes !== undefined && { peakMemoryBytes: measuredPeakMemoryBytes }),
    },
  };
}

/** The error of a run that diverges, as a value: that is a result. */
function divergence(error: unknown): AttarError {
  if (error instanceof AttarError && error.exitCode === 3) return error;
  throw error;
}
