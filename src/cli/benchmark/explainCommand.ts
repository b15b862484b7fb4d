import { condenseCommand, evaluateCommand } from "../../benchmark/jobs/commands.ts";
import type { AnyJob } from "../../benchmark/jobs/job.ts";
import type { KeptDiagnosis } from "../../benchmark/jobs/run/import.node.ts";
import type { PlannedCell } from "../../benchmark/plan/plan.node.ts";
import type { Result } from "../../benchmark/store/result.ts";
import { AttarError } from "../../engine/errors.ts";
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
    ...Object.entries(values).flatMap(([name, value]) =>
      name === "doctor" ? doctorRows(value as KeptDiagnosis) : [[name, settingText(value)]],
    ),
    ["made", `${started} on ${host} in ${duration(seconds)}, load ${load.toFixed(1)}`],
    [
      "by",
      `attar ${versions.attar}${commit ? ` ${commit.slice(0, 12)}` : ""}, node ${versions.node}, ${device}, ${cores} threads`,
    ],
  ];
}

/** What the doctor said of a set made elsewhere, a row a finding. */
function doctorRows({ agreement, classifierAccuracy, findings, notes }: KeptDiagnosis): string[][] {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    [
      "labels",
      `${percent(agreement)} as a network trained on real images has them; it is right of ${percent(classifierAccuracy)}`,
    ],
    ...notes.map((note) => ["note", note]),
    ...(findings.length === 0 ? ["nothing odd"] : findings).map((finding) => ["doctor", finding]),
  ];
}

/** The command that computes a job by itself; none for what only a study does. */
function commandOf(job: AnyJob, store: string): string | undefined {
  // No command holds the same rows out.
  if ("dataset" in job.task && job.task.dataset.heldOut) return undefined;
  if (job.kind === "condense") return condenseCommand(job.task);
  if (job.kind === "reference") return evaluateCommand(job.task, "full");
  if (job.kind !== "evaluate") return undefined;
  // A set in a store has no name that ends as a file's of its form: it is copied first.
  const set = `${store}/objects/${job.task.set?.slice(0, 2)}/${job.task.set}`;
  return `cp ${shellWord(set)} set.safetensors && ${evaluateCommand(job.task, "set.safetensors")}`;
}
