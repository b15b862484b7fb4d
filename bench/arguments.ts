import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { AttarError } from "../src/engine/index.ts";
import { caseNamed, type SizedCase, sizedCases } from "./cases/index.ts";
import type { PeerPlan } from "./task.ts";

export const usage = `npm run bench -- [options]

  --case NAME      only this case; may be given several times
  --threads N      CPU threads of both sides; default: all cores
  --quick          all cases but unroll-200, 3 timed runs a side instead of 7, a shorter search for PyTorch's fastest variant
  --steps          no case: what the loop adds to the arithmetic of a step, dm on digits, without PyTorch
  --plain-peer     PyTorch as it comes only, no search
  --no-peer        measure attar alone
  --json FILE      write the data there; - for stdout instead of the table
  --resume         go on with what --json FILE holds of the same commit, options and machine; it is written after every case
  --markdown FILE  write the report there
  --from FILE      measure nothing: the report of data written by --json
  --help           this text

Cases: ${sizedCases.map((c) => c.name).join(", ")}.
docs/bench.md says what is compared with what.`;

export interface BenchOptions {
  /** What was typed, to do it again. */
  readonly command: string;
  readonly cases: readonly SizedCase[];
  readonly threads: number;
  readonly rounds: number;
  readonly plan: PeerPlan;
  readonly peer: boolean;
  /** Whether the loop itself is timed, and nothing else. */
  readonly steps: boolean;
  /** Where the data goes; "-" is stdout. */
  readonly json?: string;
  /** Whether cases that are in `json` already are kept. */
  readonly resume: boolean;
  readonly markdown?: string;
  /** Data measured before. */
  readonly from?: string;
  readonly help: boolean;
}

/** @throws AttarError "bad-option", "unknown-case" (exit code 2). */
export function parseOptions(args: readonly string[]): BenchOptions {
  const values = parsed(args);
  const quick = values.quick ?? false;
  const search = quick
    ? { search: 40_000, variant: 60_000, runs: 1000 }
    : { search: 90_000, variant: 120_000, runs: 2000 };
  return {
    command: [
      "npm run bench --",
      ...args.filter((arg) => arg !== "--resume").map((arg) => (/^[\w./=-]+$/.test(arg) ? arg : `'${arg}'`)),
    ].join(" "),
    cases: values.case?.map(caseNamed) ?? sizedCases.filter(({ body }) => !quick || body.name !== "unroll-200"),
    threads: values.threads === undefined ? availableParallelism() : threadsFrom(values.threads),
    rounds: quick ? 3 : 7,
    plan: {
      ...(!values["plain-peer"] && { search }),
      slow: quick ? 5000 : Number.MAX_SAFE_INTEGER,
    },
    peer: !(values["no-peer"] ?? false),
    steps: values.steps ?? false,
    resume: values.resume ?? false,
    ...(values.json !== undefined && { json: values.json }),
    ...(values.markdown !== undefined && { markdown: values.markdown }),
    ...(values.from !== undefined && { from: values.from }),
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        case: { type: "string", multiple: true },
        threads: { type: "string" },
        quick: { type: "boolean" },
        steps: { type: "boolean" },
        "plain-peer": { type: "boolean" },
        "no-peer": { type: "boolean" },
        json: { type: "string" },
        resume: { type: "boolean" },
        markdown: { type: "string" },
        from: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const [message] = (error as Error).message.split(". ");
    throw new AttarError("bad-option", message!, "npm run bench -- --help lists the options.");
  }
}

function threadsFrom(text: string): number {
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1) return threads;
  throw new AttarError(
    "bad-option",
    `--threads must be a whole number from 1, got "${text}"`,
    "for example --threads 2",
  );
}
