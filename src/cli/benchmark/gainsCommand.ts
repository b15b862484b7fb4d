import { gainsOf } from "../../benchmark/metrics/index.ts";
import { rowsOf } from "../../benchmark/rows/rowsOf.node.ts";
import { log, print, printJson, table } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { openStudy, type StudyFlags } from "./studyFlags.ts";

/** `attar benchmark gains`: what each subject gains over random subsets and leaves to the full data. */
export async function gainsCommand(file: string, flags: StudyFlags): Promise<void> {
  const opened = await openStudy(file, flags);
  const gains = gainsOf(await rowsOf(opened.cells, await planOf(opened), opened.store));
  if (flags.json) return printJson(gains);
  const heading = ["subject", "dataset", "ipc", "network", "protocol", "sets", "accuracy", "IOR", "HLR", "LRS"];
  const rows = gains.map((g) => [
    ...[g.subject, g.dataset, String(g.ipc), g.network, g.protocol, String(g.sets)],
    ...[g.accuracy, g.improvement, g.recovery].map(points),
    g.labelRobust === undefined ? "–" : (100 * g.labelRobust).toFixed(2),
  ]);
  print(table([heading, ...rows]));
  for (const reason of new Set(gains.flatMap((g) => (g.reason ? g.reason.split("; ") : [])))) log(reason, flags);
}

const points = (value?: number): string => (value === undefined ? "–" : (100 * value).toFixed(2));
