import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { AttarError } from "../src/engine/index.ts";
import { caseNamed, type SizedCase, sizedCases } from "./cases/index.ts";

export const usage = `npm run bench -- [options]

  --case NAME     only this case; may be given several times
  --threads N     CPU threads of both sides; default: all cores
  --quick         3 timed runs a side instead of 7
  --tuned-peer    PyTorch in the fastest of its layouts and batch sizes, with an allocator that keeps memory
  --no-peer       measure attar alone
  --json          one JSON object instead of the table; use npm run --silent bench -- --json
  --help          this text

Cases: ${sizedCases.map((c) => c.name).join(", ")}.`;

export interface BenchOptions {
  readonly cases: readonly SizedCase[];
  readonly threads: number;
  readonly rounds: number;
  readonly tunedPeer: boolean;
  readonly peer: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws AttarError "bad-option", "unknown-case" (exit code 2). */
export function parseOptions(args: readonly string[]): BenchOptions {
  const values = parsed(args);
  return {
    cases: values.case ? values.case.map(caseNamed) : sizedCases,
    threads: values.threads === undefined ? availableParallelism() : threadsFrom(values.threads),
    rounds: values.quick ? 3 : 7,
    tunedPeer: values["tuned-peer"] ?? false,
    peer: !(values["no-peer"] ?? false),
    json: values.json ?? false,
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
        "tuned-peer": { type: "boolean" },
        "no-peer": { type: "boolean" },
        json: { type: "boolean" },
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
