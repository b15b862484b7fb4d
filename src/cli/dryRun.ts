import { type CondenseOptions, estimate } from "../condense/index.ts";
import type { Dataset } from "../data/dataset.ts";
import { sourceNamed } from "../hypotheses/index.ts";
import type { Method } from "../methods/index.ts";
import { byteCount, duration, figure, flopCount, settingText } from "./numbers.ts";
import { type OutputOptions, print, printJson, table } from "./output.ts";

/** Prints the resolved configuration and what it will cost: work counted, and three steps timed on this machine. */
export async function dryRun(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions & { signal?: AbortSignal },
  flags: OutputOptions,
): Promise<void> {
  const { configuration, ...cost } = await estimate(dataset, method, { ...options, measure: true });
  if (flags.json) return printJson({ configuration, estimate: cost });
  const { measuredSeconds, measuredSecondsPerStep, measuredPeakMemoryBytes } = cost;
  const time =
    measuredSeconds === undefined || measuredSecondsPerStep === undefined
      ? []
      : [["time", `about ${duration(measuredSeconds)}: ${figure(measuredSecondsPerStep, 3)} s a step, timed here`]];
  const memory =
    measuredPeakMemoryBytes === undefined
      ? []
      : [["memory", `about ${byteCount(measuredPeakMemoryBytes)}, after three steps`]];
  print(
    table([
      ...Object.entries(configuration).map(([k, v]) => [k, settingText(v)]),
      [],
      ...time,
      ...(sourceNamed(configuration.hypotheses.name).experts
        ? [["", "experts are trained first, once for all runs; not in it"]]
        : []),
      ["work", flopCount(cost.flops)],
      ...memory,
      ["dataset", byteCount(cost.datasetBytes)],
      ["condensed set", byteCount(cost.syntheticBytes)],
    ]),
  );
}
