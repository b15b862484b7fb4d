import { readOptionWords } from "../../data/readOptions.ts";
import { shellWord } from "../../engine/shellWord.ts";
import { readingText } from "../../evaluate/index.ts";
import type { CondenseTask, EvaluateTask, Source } from "./job.ts";

/**
 * The command that condenses a set by itself.
 *
 * @param out the run folder, the usual one when left out
 * @returns undefined for a record, which has no name to type
 */
export function condenseCommand({ dataset, method, options }: CondenseTask, out?: string): string | undefined {
  if (typeof method !== "string") return undefined;
  const { ipc, seed, preset, network, steps, settings = {}, ...rest } = options;
  const set = Object.entries({ ...rest, ...settings }).flatMap(([path, value]) => ["--set", `${path}=${value}`]);
  return typed([
    ...["attar", "condense", ...sourceWords(dataset), "--method", method, "--ipc", ipc, "--seed", seed],
    ...(preset === "paper" ? ["--preset", preset] : []),
    ...(network === undefined ? [] : ["--net", network]),
    ...(steps === undefined ? [] : ["--steps", steps]),
    ...set,
    ...(out === undefined ? [] : ["--out", out]),
  ]);
}

/** The command that trains networks on a set by itself. @param subject the set's file or folder, a rule of coresets, or full */
export function evaluateCommand(task: EvaluateTask, subject: string, ipc?: number): string {
  const {
    dataset,
    network,
    epochs,
    augmentation,
    adversarial,
    sampling,
    repeats,
    seed,
    readings,
    baselines = [],
  } = task;
  const [name, ...reading] = sourceWords(dataset);
  return typed([
    ...["attar", "evaluate", subject, ...(ipc === undefined ? [] : ["--ipc", ipc])],
    ...["--on", name!, ...reading, "--nets", network, "--repeats", repeats, "--seed", seed],
    ...["--baselines", baselines.length > 0 ? baselines.join(",") : "none"],
    ...(epochs === undefined ? [] : ["--epochs", epochs]),
    ...(augmentation === undefined ? [] : ["--augmentation", augmentation]),
    ...(adversarial === undefined ? [] : ["--adversarial", adversarial]),
    ...(sampling === undefined ? [] : ["--protocol", sampling]),
    ...(readings.length > 0 ? ["--readings", readings.map(readingText).join(",")] : []),
  ]);
}

const sourceWords = ({ name, reading }: Source) => [name, ...readOptionWords(reading ?? {})];

const typed = (words: readonly (string | number)[]) => words.map((word) => shellWord(String(word))).join(" ");
