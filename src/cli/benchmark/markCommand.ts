import { AttarError } from "../../engine/errors.ts";
import { counted } from "../numbers.ts";
import { log, printJson } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { openStudy, type StudyFlags } from "./studyFlags.ts";

/** `attar benchmark cancel`: jobs that are not there yet are not wanted; those under way stop at their next step and keep what they have. */
export async function cancelCommand(file: string, only: string, flags: StudyFlags): Promise<void> {
  const keys = await keysOf(file, only, flags, ["ready", "later", "waiting", "failed"]);
  const { store } = await openStudy(file, flags);
  for (const { key } of keys) await store.stop(key);
  said("cancelled", keys, flags, "attar benchmark retry takes that back");
}

/** `attar benchmark retry`: forgets that jobs were cancelled, and their ends without a result. */
export async function retryCommand(file: string, only: string, flags: StudyFlags): Promise<void> {
  const keys = await keysOf(file, only, flags, ["failed", "stopped", "later"]);
  const { store } = await openStudy(file, flags);
  for (const { key } of keys) await store.forget(key);
  said("may run again", keys, flags, "attar benchmark run computes them");
}

type Marked = readonly { readonly name: string; readonly key: string }[];

/** The jobs of cells by pattern that stand in one of these states. @throws AttarError "no-cells" */
async function keysOf(file: string, only: string, flags: StudyFlags, states: readonly string[]): Promise<Marked> {
  const opened = await openStudy(file, { ...flags, only });
  const { cells } = await planOf(opened);
  const found = new Map<string, string>();
  for (const { state, job } of cells) if (job && states.includes(state)) found.set(job.key, job.name);
  if (found.size > 0) return [...found].map(([key, name]) => ({ key, name }));
  throw new AttarError(
    "no-cells",
    `no cell that "${only}" names is ${states.join(", ").replace(/, (?=[^,]*$)/, " or ")}`,
    "attar benchmark status says where each stands",
  );
}

function said(what: string, jobs: Marked, flags: StudyFlags, next: string): void {
  if (flags.json) {
    printJson({ jobs });
    return;
  }
  for (const { name } of jobs) log(name, flags);
  log(`${counted(jobs.length, "job")} ${what}; ${next}`, flags);
}
