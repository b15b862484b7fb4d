import type { Command } from "commander";
import { byteSize } from "../byteSize.ts";
import type { OutputOptions } from "../output.ts";
import { timeSpan } from "../timeSpan.ts";
import { wholeNumber } from "../wholeNumber.ts";
import type { CheckFlags } from "./checkCommand.ts";
import type { ExploreFlags } from "./exploreCommand.ts";
import { registerImport } from "./registerImport.ts";
import type { ReportFlags } from "./reportCommand.ts";
import type { RowsFlags } from "./rowsCommand.ts";
import type { RunFlags } from "./runCommand.ts";
import type { StatusFlags } from "./statusCommand.ts";
import { type StudyFlags, shardOf } from "./studyFlags.ts";
import type { VerifyFlags } from "./verifyCommand.ts";
import type { WorkerFlags } from "./workerCommand.ts";

type Add = (parent: Command, usage: string, description: string, ...examples: string[]) => Command;

/** Options of commands that look at a study. */
const ofStudy = (command: Command): Command =>
  command
    .option("--store <dir>", "where results are kept", "runs/benchmark")
    .option("--tier <name>", "a part of the study by its name there")
    .option("--only <glob>", 'cells by name, such as "dm/*" or ipc1')
    .option("--shard <i/n>", "an equal share of the cells", shardOf);

/** Options of commands that compute. */
const withRunOptions = (command: Command): Command =>
  command
    .option("--slots <n>", "jobs at once, each with its share of the cores", wholeNumber("--slots", 1, 256), 1)
    .option(
      "--threads <n>",
      "CPU threads a job (default the cores divided by the slots)",
      wholeNumber("--threads", 1, 256),
    )
    .option("--device <name>", "auto, cpu, webgpu or cuda, as rows say (default auto, the CPU)")
    .option(
      "--memory <size>",
      "memory that jobs may take together (default four fifths of what is free)",
      byteSize("--memory"),
    )
    .option("--for <span>", "stop after that time, e.g. 2h; the same command continues", timeSpan("--for"))
    .option("--slice <span>", "time after which a job makes way for those that wait", timeSpan("--slice"), 3600)
    .option("--queue <address>", "memory, embedded (a database in the store's folder), or postgres://…", "memory");

const takenRows = [
  "--rows <file>",
  "rows of finished cells, NDJSON: they are taken into the store and not computed again",
] as const;

/** Adds `attar benchmark` and what it can do. */
export function registerStudies(benchmark: Command, add: Add): void {
  ofStudy(
    add(
      benchmark,
      "plan <study>",
      "what a study has, lacks and cannot have, and how long the rest takes",
      "attar benchmark plan studies/smoke.json",
      "attar benchmark plan study.json --rows rows.ndjson",
    ),
  )
    .option(...takenRows)
    .action(async (study: string, flags: StudyFlags) => (await import("./planCommand.ts")).planCommand(study, flags));
  withRunOptions(
    ofStudy(
      add(
        benchmark,
        "run <study>",
        "compute what a study lacks; the same command continues",
        "attar benchmark run studies/smoke.json",
        'attar benchmark run study.json --only "dm/*" --for 2h',
        "attar benchmark run study.json --rows rows.ndjson",
      ),
    ),
  )
    .option(...takenRows)
    .action(async (study: string, flags: RunFlags) => (await import("./runCommand.ts")).runCommand(study, flags));
  ofStudy(
    add(
      benchmark,
      "explore <study>",
      "which combination of parts wins where, and what each choice did: of what attar benchmark run has computed",
      "attar benchmark explore studies/explore-digits.json --record best.json",
    ),
  )
    .option("--record <file>", "write the best record as a method file, for attar condense --method")
    .action(async (study: string, flags: ExploreFlags) =>
      (await import("./exploreCommand.ts")).exploreCommand(study, flags),
    );
  add(
    benchmark,
    "worker",
    "compute what others put into a queue, until Ctrl-C",
    "attar benchmark worker --queue postgres://attar@host/attar --store /shared/benchmark --slots 2",
  )
    .requiredOption("--queue <address>", "the database that the study runs with, postgres://user@host/database")
    .option("--store <dir>", "where results are kept", "runs/benchmark")
    .option("--slots <n>", "jobs at once, each with its share of the cores", wholeNumber("--slots", 1, 256), 1)
    .option(
      "--threads <n>",
      "CPU threads a job (default the cores divided by the slots)",
      wholeNumber("--threads", 1, 256),
    )
    .option(
      "--memory <size>",
      "memory that jobs may take together (default four fifths of what is free)",
      byteSize("--memory"),
    )
    .option("--slice <span>", "time after which a job makes way for those that wait", timeSpan("--slice"), 3600)
    .option("--for <span>", "stop after that time, e.g. 2h", timeSpan("--for"))
    .option("--until-idle", "end when nothing is left in the queue")
    .action(async (flags: WorkerFlags) => (await import("./workerCommand.ts")).workerCommand(flags));
  ofStudy(
    add(
      benchmark,
      "rows <study>",
      "the study's numbers, a row each",
      "attar benchmark rows studies/smoke.json --out rows.parquet",
    ),
  )
    .option("--to <format>", "ndjson (default), json, csv or parquet")
    .option("--out <file>", "file (default stdout)")
    .action(async (study: string, flags: RowsFlags) => (await import("./rowsCommand.ts")).rowsCommand(study, flags));
  ofStudy(
    add(
      benchmark,
      "report <study>",
      "a page of what a study, or a file of its rows, has found: tables, fronts, ranks, images",
      "attar benchmark report studies/smoke.json --out site/",
      "attar benchmark report rows.ndjson --out site/",
    ),
  )
    .option("--out <dir>", "folder of the page", "report")
    .option("--markdown <file>", "its tables alone, as Markdown, in place of the page")
    .option("--single-file", "one file with its pictures in it, and no rows beside it")
    .action(async (study: string, flags: ReportFlags) =>
      (await import("./reportCommand.ts")).reportCommand(study, flags),
    );
  ofStudy(
    add(
      benchmark,
      "status <study>",
      "where a study stands, whoever computes it",
      "attar benchmark status studies/smoke.json --watch",
    ),
  )
    .option("--watch", "look again every two seconds, until nothing is left")
    .action(async (study: string, flags: StatusFlags) =>
      (await import("./statusCommand.ts")).statusCommand(study, flags),
    );
  ofStudy(
    add(
      benchmark,
      "cancel <study> <glob>",
      "leave jobs out that have no result yet; those under way stop and keep what they have",
      'attar benchmark cancel study.json "dc/*"',
    ),
  ).action(async (study: string, only: string, flags: StudyFlags) =>
    (await import("./markCommand.ts")).cancelCommand(study, only, flags),
  );
  ofStudy(
    add(
      benchmark,
      "retry <study> <glob>",
      "let jobs run again that failed or were cancelled",
      'attar benchmark retry study.json "dc/*"',
    ),
  ).action(async (study: string, only: string, flags: StudyFlags) =>
    (await import("./markCommand.ts")).retryCommand(study, only, flags),
  );
  ofStudy(
    add(
      benchmark,
      "explain <study> <cell|key>",
      "all about one cell: where it stands and why, who computed it, the command that does so alone",
      "attar benchmark explain studies/smoke.json dm/digits/ipc1/seed0",
    ),
  ).action(async (study: string, which: string, flags: StudyFlags) =>
    (await import("./explainCommand.ts")).explainCommand(study, which, flags),
  );
  withRunOptions(
    ofStudy(
      add(
        benchmark,
        "check <study>",
        "compute what a study lacks, and say which numbers are worse than stored ones: exit code 5 where some are",
        "attar benchmark check studies/smoke.json --against rows.ndjson --junit check.xml",
      ),
    ),
  )
    .requiredOption("--against <rows>", "rows to hold it against, NDJSON")
    .option("--no-run", "compute nothing")
    .option("--junit <file>", "a test a number, for CI servers")
    .option("--summary <file>", "what has changed, as Markdown")
    .action(async (study: string, flags: CheckFlags) => (await import("./checkCommand.ts")).checkCommand(study, flags));
  add(
    benchmark,
    "verify <folder>",
    "check a submission: study.json, rows.ndjson, results and objects, and one score computed again",
    "attar benchmark verify submission/",
  )
    .option("--no-rerun", "compute nothing again")
    .option("--seed <n>", "which score is drawn", wholeNumber("--seed"), 0)
    .option("--threads <n>", "CPU threads (default those it was made with)", wholeNumber("--threads", 1, 256))
    .action(async (folder: string, flags: VerifyFlags) =>
      (await import("./verifyCommand.ts")).verifyCommand(folder, flags),
    );
  add(
    benchmark,
    "merge <into> <from...>",
    "take into one store what others have",
    "attar benchmark merge runs/benchmark ../share-2/runs/benchmark",
  ).action(async (into: string, from: string[], flags: OutputOptions) =>
    (await import("./mergeCommand.ts")).mergeCommand(into, from, flags),
  );
  ofStudy(
    add(
      benchmark,
      "gains <study>",
      "what each subject gains over random subsets (IOR) and leaves to the full data (HLR), with DD-Ranking's score (LRS)",
      "attar benchmark gains studies/smoke.json",
    ),
  ).action(async (study: string, flags: StudyFlags) => (await import("./gainsCommand.ts")).gainsCommand(study, flags));
  registerImport(benchmark, add);
}
