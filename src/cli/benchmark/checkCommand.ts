import { type Compared, compareRows } from "../../benchmark/rows/compare.ts";
import { readRows } from "../../benchmark/rows/readRows.node.ts";
import { rowsOf } from "../../benchmark/rows/rowsOf.node.ts";
import { writeAtomic } from "../../data/index.ts";
import { counted } from "../numbers.ts";
import { log, markdownTable, print, printJson, table } from "../output.ts";
import { planOf } from "./planCommand.ts";
import { type RunFlags, runCommand } from "./runCommand.ts";
import { openStudy } from "./studyFlags.ts";

export interface CheckFlags extends RunFlags {
  against: string;
  junit?: string;
  summary?: string;
  run: boolean;
}

/** The exit code of a study that has become worse. */
const regression = 5;

/** `attar benchmark check`: computes what a study lacks, and says which numbers are worse than stored ones, for CI. */
export async function checkCommand(file: string, flags: CheckFlags): Promise<void> {
  const before = await readRows(flags.against);
  if (flags.run) await runCommand(file, { ...flags, json: false, silent: true });
  const opened = await openStudy(file, flags);
  const now = await rowsOf(opened.cells, await planOf(opened), opened.store);
  const compared = compareRows(before, now);
  const lost = compared.filter(({ verdict }) => verdict === "worse" || verdict === "missing");
  if (flags.junit !== undefined) await writeAtomic(flags.junit, junit(file, compared));
  if (flags.summary !== undefined) await writeAtomic(flags.summary, summary(file, compared));
  if (flags.json) printJson({ compared });
  else if (lost.length > 0) print(table([header, ...lost.map(cells)]));
  log(verdict(compared), flags);
  if (lost.length > 0) process.exitCode = regression;
}

const header = ["cell", "metric", "before", "now", "counts from", ""];

const cells = ({
  subject,
  dataset,
  ipc,
  network,
  protocol,
  metric,
  before,
  now,
  margin,
  verdict,
  reason,
}: Compared) => [
  [subject, dataset, ipc === null ? "" : `ipc${ipc}`, network, protocol].filter(Boolean).join("/"),
  metric,
  before.toPrecision(4),
  now === undefined ? "-" : now.toPrecision(4),
  margin.toPrecision(2),
  reason ? `${verdict}: ${reason}` : verdict,
];

function verdict(compared: readonly Compared[]): string {
  const of = (one: Compared["verdict"]) => compared.filter((row) => row.verdict === one).length;
  return `${counted(compared.length, "number")} compared: ${of("worse")} worse, ${of("missing")} missing, ${of("better")} better`;
}

const summary = (file: string, compared: readonly Compared[]) =>
  `## ${file}\n\n${verdict(compared)}\n\n${markdownTable([header, ...compared.filter((one) => one.verdict !== "same").map(cells)])}\n`;

/** A test a number, as CI servers read it. */
function junit(file: string, compared: readonly Compared[]): string {
  const lost = compared.filter(({ verdict }) => verdict === "worse" || verdict === "missing").length;
  const tests = compared.map((one) => {
    const [cell = "", metric = "", before, now, margin, how] = cells(one);
    const head = `  <testcase classname="${escaped(cell)}" name="${escaped(metric)}"`;
    if (one.verdict !== "worse" && one.verdict !== "missing") return `${head}/>`;
    const message = `${how}: ${before} before, ${now} now, a difference counts from ${margin}`;
    return `${head}><failure message="${escaped(message)}"/></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(file)}" tests="${compared.length}" failures="${lost}">`,
    ...tests,
    "</testsuite>",
    "",
  ].join("\n");
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
