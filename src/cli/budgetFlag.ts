import { fitToBudget, resolveConfiguration } from "../condense/index.ts";
import type { FolderOptions } from "../condense/node/runFolder.node.ts";
import { readRecord } from "../condense/node/runRecord.node.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Method } from "../methods/index.ts";
import { counted, duration, figure } from "./numbers.ts";
import { log, type OutputOptions, shellWord } from "./output.ts";

/** The share of the time that is kept for the set and its pictures to be written. */
const writing = 0.05;

/**
 * The options of a run that has so many seconds: settings chosen from steps timed here, said on stderr with the words that
 * repeat them; of a run that goes on, those that it was begun with.
 *
 * @param began when the time began, as `performance.now` tells it: reading counts
 * @param seconds that the run has from then on; it ends with what it has when they have passed
 */
export async function withinBudget(
  dataset: Dataset,
  method: Method,
  options: FolderOptions,
  {
    seconds,
    began,
    folder,
    flags,
  }: { seconds: number; began: number; folder: string; flags: OutputOptions & { readonly method?: string } },
): Promise<FolderOptions> {
  const left = () => Math.max(0, seconds - (performance.now() - began) / 1000);
  const limit = () => Math.max(0, left() - writing * seconds);
  const before = options.resume ? await readRecord(folder) : undefined;
  if (before) {
    const usual = resolveConfiguration(dataset, method, options).network.options.width;
    return { ...options, ...settingsOf(before.configuration, options, usual), timeLimit: limit() };
  }
  log(`for ${duration(seconds)}: steps are timed first`, flags);
  const {
    options: chosen,
    fitted,
    secondsPerStep,
  } = await fitToBudget(dataset, method, { ...options, seconds: left() });
  const { steps, realBatch, classes, width } = fitted;
  const visits = classes === undefined ? "" : ` of ${classes} of the ${dataset.classes.length} classes`;
  const words = [
    `--method ${shellWord(flags.method ?? method.name)}`,
    `--steps ${steps}`,
    `--set realBatch=${realBatch}`,
    ...(classes === undefined ? [] : [`--set tricks.partition=${classes}`]),
    ...(width === undefined ? [] : [`--set network.width=${width}`]),
  ];
  log(
    `for ${duration(seconds)}: ${counted(steps, "step")}${visits}, ${counted(realBatch, "real image")} a class, about ${figure(secondsPerStep, 2)} s each; the same run again: ${words.join(" ")}`,
    flags,
  );
  return { ...options, ...chosen, timeLimit: limit() };
}

/**
 * The settings that a budget chose, as a run's record has them.
 *
 * @param usual the width that the network would have otherwise
 */
function settingsOf(
  configuration: Readonly<Record<string, unknown>>,
  options: FolderOptions,
  usual: unknown,
): Partial<FolderOptions> {
  const { steps, realBatch, tricks, network } = configuration as {
    steps: number;
    realBatch: number;
    tricks?: readonly { name: string; options: { classes?: number } }[];
    network?: { options?: { width?: number } };
  };
  const classes = tricks?.find(({ name }) => name === "partition")?.options.classes;
  const width = network?.options?.width;
  const narrow = !options.network && width !== undefined && width !== usual;
  if (classes === undefined && !narrow) return { steps, realBatch };
  const settings = {
    ...options.settings,
    ...(classes !== undefined && { "tricks.partition": classes }),
    ...(narrow && { "network.width": width }),
  };
  return { steps, realBatch, settings };
}
