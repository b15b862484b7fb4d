import type { AnyJob, CondenseTask, EvaluateTask, Source } from "../../benchmark/jobs/job.ts";
import type { PlannedCell } from "../../benchmark/plan/plan.node.ts";
import type { Result } from "../../benchmark/store/result.ts";
import { readOptionWords } from "../../data/readOptions.ts";
import { AttarError } from "../../engine/errors.ts";
import { readingText } from "../../evaluate/index.ts";
import { duration, settingText } from "../numbers.ts";
import { print, printJson, shellWord, table } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { openStudy, type StudyFlags } from "./studyFlags.ts";

/** `attar benchmark explain`: all about one cell: where it stands, why, who computed it, and the command that does so alone. */
export async function explainCommand(file: string, which: string, flags: StudyFlags): Promise<void> {
  const opened = await openStudy(file, flags);
  const { store } = opened;
  const { cells } = await planOf(opened);
  const cell = cells.find(({ name, job }) => name === which || (which.length >= 8 && job?.key.startsWith(which)));
  if (!cell)
    throw new AttarError(
      "no-cells",
      `${file} has no cell or key "${which}"`,
      "attar benchmark plan --json lists names and keys; a key may be cut to its first eight digits",
    );
  const { job } = cell;
  const result = job && (await store.result(job.kind, job.key));
  const attempts = job ? ((await store.attempts()).get(job.key) ?? []) : [];
  const alarms = job ? (await store.alarms()).filter(({ key }) => key === job.key) : [];
  const command = job && commandOf(job, store.where);
  const { name, kind, state, reason, on } = cell;
  if (flags.json) return printJson({ name, kind, state, reason, on, job, command, result, attempts, alarms });
  print(
    table([
      ["cell", name],
      ["job", kind],
      ["state", stateWords(cell)],
      ...(on ? [["waits for", on]] : []),
      ...(job ? [["key", job.key]] : []),
      ...(command ? [["alone", command]] : []),
      ...(result ? resultRows(result) : []),
      ...attempts.map(({ at, host, outcome, message }) => ["attempt", `${at} on ${host}: ${outcome}: ${message}`]),
      ...alarms.map(({ made }) => [
        "other result",
        `${made.started} on ${made.host}, ${made.device}, ${made.cores} threads`,
      ]),
      ...(job ? [[], ...Object.entries(job.configuration).map(([key, value]) => [key, settingText(value)])] : []),
    ]),
  );
}

const stateWords = ({ state, reason }: PlannedCell) => (reason ? `${state}: ${reason}` : state);

function resultRows({ outputs, values, made }: Result): string[][] {
  const { versions, commit, device, cores, host, load, started, seconds } = made;
  return [
    ...Object.entries(outputs).map(([name, digest]) => [name, `objects/${digest.slice(0, 2)}/${digest}`]),
    ...Object.entries(values).map(([name, value]) => [name, settingText(value)]),
    ["made", `${started} on ${host} in ${duration(seconds)}, load ${load.toFixed(1)}`],
    [
      "by",
      `attar ${versions.attar}${commit ? ` ${commit.slice(0, 12)}` : ""}, node ${versions.node}, ${device}, ${cores} threads`,
    ],
  ];
}

/** The command that computes a job by itself; none for what only a study does. */
function commandOf(job: AnyJob, store: string): string | undefined {
  if (job.kind === "condense") return condenseWords(job.task);
  if (job.kind === "evaluate")
    return evaluateWords(job.task, `${store}/objects/${job.task.set?.slice(0, 2)}/${job.task.set}`);
  if (job.kind === "reference") return evaluateWords(job.task, "full");
  return undefined;
}

const sourceWords = ({ name, reading }: Source) => [name, ...readOptionWords(reading ?? {})];

function condenseWords({ dataset, method, options }: CondenseTask): string | undefined {
  if (typeof method !== "string") return undefined;
  const { ipc, seed, preset, network, steps, settings = {}, ...rest } = options;
  const set = Object.entries({ ...rest, ...settings }).flatMap(([path, value]) => ["--set", `${path}=${value}`]);
  return [
    ...["attar", "condense", ...sourceWords(dataset), "--method", method, "--ipc", ipc, "--seed", seed],
    ...(preset === "paper" ? ["--preset", preset] : []),
    ...(network === undefined ? [] : ["--net", network]),
    ...(steps === undefined ? [] : ["--steps", steps]),
    ...set,
  ]
    .map((word) => shellWord(String(word)))
    .join(" ");
}

/** A set in a store has no name that ends as a file's of its form: it is copied first. */
function evaluateWords(
  { dataset, network, epochs, augmentation, repeats, seed, readings }: EvaluateTask,
  set: string,
): string {
  const subject = set === "full" ? set : "set.safetensors";
  const [name, ...reading] = sourceWords(dataset);
  const words = [
    ...["attar", "evaluate", subject, "--on", name, ...reading, "--nets", network],
    ...["--repeats", repeats, "--seed", seed, "--baselines", "none"],
    ...(epochs === undefined ? [] : ["--epochs", epochs]),
    ...(augmentation === undefined ? [] : ["--augmentation", augmentation]),
    ...(readings.length > 0 ? ["--readings", readings.map(readingText).join(",")] : []),
  ];
  const command = words.map((word) => shellWord(String(word))).join(" ");
  return set === "full" ? command : `cp ${shellWord(set)} set.safetensors && ${command}`;
}
