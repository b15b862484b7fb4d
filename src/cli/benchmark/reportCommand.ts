import type { KeptDiagnosis } from "../../benchmark/jobs/run/import.node.ts";
import type { Plan } from "../../benchmark/plan/plan.node.ts";
import { reportMarkdown } from "../../benchmark/report/markdown.ts";
import { recordedSource } from "../../benchmark/report/recorded.node.ts";
import { type ReportOptions, writeReport } from "../../benchmark/report/writeReport.node.ts";
import type { Row } from "../../benchmark/rows/row.ts";
import { rowsOf } from "../../benchmark/rows/rowsOf.node.ts";
import { openStore } from "../../benchmark/store/openStore.node.ts";
import { writeAtomic } from "../../data/index.ts";
import { AttarError } from "../../engine/errors.ts";
import { counted } from "../numbers.ts";
import { log, print, printJson, shellWord } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { type Opened, openStudy, type StudyFlags } from "./studyFlags.ts";

export interface ReportFlags extends StudyFlags {
  out: string;
  singleFile?: boolean;
  /** The file of tables that is written in place of a page. */
  markdown?: string;
}

/** `attar benchmark report`: the page of a study held against its store, or of a file of rows. */
export async function reportCommand(file: string, flags: ReportFlags): Promise<void> {
  const { rows, ...options } = file.endsWith(".json") ? await ofStudy(file, flags) : await ofRows(file, flags);
  if (!rows.some(({ value }) => value !== null))
    throw new AttarError(
      "no-rows",
      `${file} has no number yet`,
      file.endsWith(".json")
        ? `compute some: attar benchmark run ${shellWord(file)}`
        : "name a file of rows that has some",
    );
  if (flags.markdown !== undefined) {
    await writeAtomic(flags.markdown, reportMarkdown({ ...options, rows }));
    return flags.json ? printJson({ markdown: flags.markdown, rows: rows.length }) : print(flags.markdown);
  }
  const page = await writeReport(flags.out, rows, { ...options, singleFile: flags.singleFile ?? false });
  if (flags.json) printJson({ page, rows: rows.length });
  else {
    log(`${counted(rows.length, "row")}`, flags);
    print(page);
  }
}

type Source = ReportOptions & { readonly rows: readonly Row[] };

async function ofStudy(file: string, flags: ReportFlags): Promise<Source> {
  const opened = await openStudy(file, flags);
  const { study, subjects } = opened.cells.study;
  const plan = await planOf(opened);
  const departures = new Map(
    subjects.flatMap(({ label, made }) => (made.by === "method" ? [[label, made.method.departures] as const] : [])),
  );
  for (const [label, said] of await doctored(plan, opened)) departures.set(label, said);
  return {
    title: study.title ?? study.name,
    ...(study.notes && { notes: study.notes }),
    file: shellWord(file),
    store: opened.store,
    departures,
    ...(opened.places && { places: opened.places }),
    rows: await rowsOf(opened.cells, plan, opened.store),
  };
}

/** What the doctor said of sets made elsewhere, by subject, each saying of which dataset and size. */
async function doctored({ cells }: Plan, { store }: Opened): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const { kind, state, job, set, reason } of cells) {
    if (kind !== "import" || !set || !job) continue;
    const said: string[] = [];
    if (state === "failed") said.push(`refused: ${reason}`);
    const doctor = (await store.result("import", job.key))?.values.doctor as KeptDiagnosis | undefined;
    if (doctor) said.push(...doctor.notes, ...(doctor.findings.length === 0 ? ["nothing odd"] : doctor.findings));
    const own = said.map((text) => `${set.dataset.label}, ${set.ipc} a class: ${text}`);
    if (own.length > 0) found.set(set.subject.label, [...(found.get(set.subject.label) ?? []), ...own]);
  }
  return found;
}

async function ofRows(file: string, flags: ReportFlags): Promise<Source> {
  return { ...(await recordedSource(file)), store: await openStore(flags.store) };
}
