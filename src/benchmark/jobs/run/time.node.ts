import { estimate } from "../../../condense/index.ts";
import { openEnergyMeter } from "../../metrics/energy.node.ts";
import type { Job } from "../job.ts";
import { ask, checkKey } from "./condense.node.ts";
import type { Found, Running } from "./run.ts";

/**
 * Steps of a condensation timed, the faster of two after a first, and their multiply-adds counted; with the mean power of processors
 * and memory meanwhile, where the machine can tell.
 */
export async function runTime(job: Job<"time">, { signal }: Running): Promise<Found> {
  const { dataset, method, options } = await ask(job.task);
  checkKey(job, dataset, method, options);
  const meter = await openEnergyMeter();
  const began = performance.now();
  const { flopsPerStep, measuredSecondsPerStep, measuredSeconds, measuredPeakMemoryBytes, configuration } =
    await estimate(dataset, method, { ...options, measure: true, signal });
  const energy = await meter.stop();
  const watts = "joules" in energy ? energy.joules / ((performance.now() - began) / 1000) : undefined;
  return {
    status: "ok",
    outputs: {},
    values: {
      steps: configuration.steps,
      multiplyAddsPerStep: flopsPerStep / 2,
      secondsPerStep: measuredSecondsPerStep ?? 0,
      seconds: measuredSeconds ?? 0,
      ...(watts === undefined ? energy : { watts }),
      ...(measuredPeakMemoryBytes !== undefined && { peakMemoryBytes: measuredPeakMemoryBytes }),
    },
  };
}
