import { existsSync } from "node:fs";
import { AttarError } from "../src/engine/index.ts";
import type { BenchOptions } from "./arguments.ts";
import { checkedOut, describeMachine } from "./machine.ts";
import type { MachineDescription, Report } from "./report.ts";
import { readReport } from "./reportFile.ts";

/** The report that is gone on with: of the same commit, rounds and machine. @throws AttarError "other-report" (exit code 2) */
export function keptReport({ json, rounds, threads }: BenchOptions): Report | undefined {
  if (json === undefined || json === "-")
    throw new AttarError("bad-option", "--resume needs the file that it goes on with", "add --json FILE");
  if (!existsSync(json)) return undefined;
  const kept = readReport(json);
  const identity = ({ cpu, cores, node, onnxruntime }: MachineDescription) => [cpu, cores, node, onnxruntime];
  const now = [checkedOut(), rounds, threads, ...identity(describeMachine(threads))];
  const then = [kept.commit, kept.rounds, kept.machine.threads, ...identity(kept.machine)];
  const differing = now.findIndex((value, i) => value !== then[i]);
  if (differing < 0) return kept;
  throw new AttarError(
    "other-report",
    `${json} was measured otherwise: ${then[differing]} is ${now[differing]} here`,
    "leave --resume out to measure all cases anew",
  );
}
