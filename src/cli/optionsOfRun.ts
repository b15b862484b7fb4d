import { type CondenseOptions, type Configuration, resolveConfiguration } from "../condense/index.ts";
import { type RunRecord, readRecord } from "../condense/node/runRecord.node.ts";
import type { Dataset } from "../data/dataset.ts";
import { AttarError, type OptionValue } from "../engine/index.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import { shellWord } from "./output.ts";

/** A method with the options of a run that used it. */
export interface RunAgain {
  readonly method: Method;
  readonly options: CondenseOptions;
}

/**
 * The method and the options that a run was made with, so that it can be made again of other samples.
 *
 * @throws AttarError "not-a-run"; "other-data" where the run is of another dataset; "bad-combination" where its settings cannot be
 * told from its record
 */
export async function optionsOfRun(folder: string, dataset: Dataset): Promise<RunAgain> {
  const record = await readRecord(folder);
  if (!record)
    throw new AttarError("not-a-run", `${folder} has no run.json`, "give the folder of a run, or the name of a method");
  const configuration = record.configuration as RunRecord["configuration"] & Configuration;
  if (configuration.datasetChecksum !== dataset.checksum)
    throw new AttarError(
      "other-data",
      `${folder} is a run of ${configuration.dataset}, whose samples are not those of ${dataset.name}`,
      `attar audit ${shellWord(folder)} --on ${shellWord(configuration.dataset)}`,
    );
  const method = configuration.record ?? methodNamed(configuration.method);
  const options = optionsFrom(configuration, method);
  const again = resolveConfiguration(dataset, method, options);
  const plain = ({ reading: _, start: __, ...own }: Configuration) => JSON.stringify(own);
  if (configuration.start !== undefined || plain(again) !== plain(configuration))
    throw new AttarError(
      "bad-combination",
      configuration.start === undefined
        ? `the settings of ${folder} cannot be told from its record`
        : `${folder} started from another set, which the halves of an audit have not`,
      `attar audit ${shellWord(configuration.method)} --on ${shellWord(dataset.name)} --set path=value`,
    );
  return { method, options };
}

function optionsFrom(configuration: Configuration, method: Method): CondenseOptions {
  const { ipc, seed, preset, steps, realBatch, imageLearningRate, imageMomentum, network, matching } = configuration;
  const { initialisation, record, plugins } = configuration;
  const moves = steps > 0;
  return {
    ...{ ipc, seed, preset, initialisation },
    ...(moves && { steps, realBatch, imageLearningRate, imageMomentum, network, augmentation: matching }),
    ...(moves && { settings: settingsFrom(configuration, method) }),
    ...(record && { record }),
    ...(plugins && { plugins }),
  };
}

/** The options of a configuration's parts, by path. */
function settingsFrom(configuration: Configuration, method: Method): Record<string, OptionValue> {
  const { terms, synthetic, hypotheses, update, tricks, warmup, labels, selection, solver, criterion, privacy } =
    configuration;
  const under = (head: string, options: object | undefined) =>
    Object.entries(options ?? {}).map(([name, value]): [string, OptionValue] => [`${head}.${name}`, value]);
  const gone = method.tricks.filter(({ name }) => !tricks.some((trick) => trick.name === name));
  const { rate = 0, ...kept } = privacy ?? {};
  return Object.fromEntries([
    ...terms.flatMap(({ view, discrepancy, weight }) => [
      ...under("view", view.options),
      ...under("discrepancy", discrepancy.options),
      ...under("weights", { [view.name]: weight }),
    ]),
    ...under("synthetic", synthetic.options),
    ...under("hypotheses", hypotheses.options),
    ...under("update", update),
    ...tricks.flatMap(({ name, options }) => under(`tricks.${name}`, options)),
    ...gone.map(({ name }): [string, OptionValue] => [`tricks.${name}`, "none"]),
    ...under("warmup", warmup),
    ...under("labels", labels),
    ...under("initialisation", selection?.options),
    ...under("solver", solver?.options),
    ...under("criterion", criterion?.options),
    ...(privacy ? under("privacy", { ...kept, sampling: rate === 1 ? "all" : "poisson" }) : []),
  ]);
}
