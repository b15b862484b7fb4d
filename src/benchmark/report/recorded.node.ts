import { existsSync } from "node:fs";
import { readRows } from "../rows/readRows.node.ts";
import { parseStudy } from "../study/parseStudy.ts";
import { readJson } from "../study/readJson.node.ts";
import { leftOf } from "./left.node.ts";
import type { ReportSource } from "./report.ts";

const ending = ".rows.ndjson";

/**
 * A report's source from a file of rows: title, notes and what is not computed yet are those of the study beside it,
 * `cifar-10.json` beside `cifar-10.rows.ndjson`, where there is one.
 *
 * @throws AttarError "no-file", "bad-rows"; "bad-study" of a study beside it
 */
export async function recordedSource(path: string): Promise<ReportSource> {
  const rows = await readRows(path);
  const file = path.endsWith(ending) ? `${path.slice(0, -ending.length)}.json` : undefined;
  if (file === undefined || !existsSync(file)) {
    const names = [...new Set(rows.map(({ study }) => study))];
    return { title: names.join(", "), rows };
  }
  const study = parseStudy(readJson(file, "study"), file);
  const { title, name, notes } = study;
  return { title: title ?? name, ...(notes && { notes }), file, rows, left: await leftOf(study, file, rows) };
}
