import { type JobKind, versions } from "../../benchmark/jobs/job.ts";
import { openStore } from "../../benchmark/store/openStore.node.ts";
import { counted } from "../numbers.ts";
import { log, type OutputOptions, printJson } from "../output.ts";

/** `attar benchmark merge`: takes into one store what others have: shares computed apart, a colleague's results. */
export async function mergeCommand(into: string, from: readonly string[], flags: OutputOptions): Promise<void> {
  const store = await openStore(into);
  const kinds = Object.keys(versions) as JobKind[];
  const merged = [];
  for (const address of from) {
    const other = await openStore(address);
    const { taken, alarms } = await store.takeFrom(other, kinds);
    merged.push({ store: other.where, taken, alarms });
    log(
      `${counted(taken, "result")} from ${other.where}${alarms ? `, ${alarms} other than here: see alarms/` : ""}`,
      flags,
    );
  }
  if (flags.json) printJson({ store: store.where, merged });
}
