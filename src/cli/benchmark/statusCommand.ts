import { setTimeout } from "node:timers/promises";
import { estimateOf } from "../../benchmark/plan/estimate.ts";
import type { Plan } from "../../benchmark/plan/plan.node.ts";
import { paceOf } from "../../benchmark/plan/timed.node.ts";
import type { JobProgress, Store } from "../../benchmark/store/store.ts";
import { interruptible } from "../interruptible.ts";
import { log, print, printJson, table } from "../output.ts";
import { countsBySubject, countsOf } from "./counts.ts";
import { countsTable, leftText, planOf, reasonsOf } from "./planCommand.ts";
import { openStudy, type StudyFlags } from "./studyFlags.ts";

export interface StatusFlags extends StudyFlags {
  watch?: boolean;
}

/** Milliseconds between two looks of `--watch`. */
const looks = 2000;
/** Milliseconds after which a job that shows no progress is not under way any more. */
const fresh = 90_000;

/** `attar benchmark status`: where a study stands, whoever computes it. */
export async function statusCommand(file: string, flags: StatusFlags): Promise<void> {
  const opened = await openStudy(file, flags);
  const { more } = opened;
  const show = async (again = true) => {
    const cells = more && again ? await more() : opened.cells;
    const plan = await planOf({ ...opened, cells });
    await showStatus(plan, opened.store, flags);
    return plan;
  };
  if (!flags.watch) return void (await show(false));
  await interruptible("", { quiet: true }, async (signal) => {
    while (!signal.aborted) {
      if (process.stdout.isTTY && !flags.json) process.stdout.write("\x1b[H\x1b[J");
      const { ready, cells } = await show();
      if (ready.length === 0 && !cells.some(({ state }) => state === "waiting" || state === "later")) return;
      await setTimeout(looks, undefined, { signal }).catch(() => {});
    }
  });
}

async function showStatus(plan: Plan, store: Store, flags: StatusFlags): Promise<void> {
  const running = (await store.progress()).filter(({ at }) => Date.now() - Date.parse(at) < fresh);
  const left = estimateOf(plan, await paceOf(plan, store));
  if (flags.json) {
    const subjects = countsBySubject(plan);
    return printJson({ store: store.where, counts: countsOf(plan.cells), subjects, running, estimate: left });
  }
  print(countsTable(plan));
  if (running.length > 0) print(`\n${table([["under way", "step", "host"], ...running.map(runningRow)])}`);
  for (const line of reasonsOf(plan)) log(line, flags);
  log(leftText(plan, left), flags);
}

const runningRow = ({ kind, name, step, steps, host }: JobProgress) => [`${kind} ${name}`, `${step}/${steps}`, host];
