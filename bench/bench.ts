import type { BenchOptions } from "./arguments.ts";
import { caseResult } from "./caseResult.ts";
import { describeMachine } from "./machine.ts";
import type { Measurement, Report } from "./report.ts";
import { runTask } from "./runTask.ts";
import type { TaskOptions } from "./task.ts";

/**
 * Measures the SGEMM rate, every case, and the SGEMM rate again; the larger rate counts. `log` gets a line before each.
 *
 * @throws AttarError "bench-failed" (exit code 1).
 */
export async function bench(options: BenchOptions, peer: boolean, log: (line: string) => void): Promise<Report> {
  const { threads, rounds, tunedPeer } = options;
  const machine = describeMachine(threads);
  const given: TaskOptions = { threads, rounds, ...(peer && { peer: { tuned: tunedPeer } }) };
  const sgemm = async () => {
    log("sgemm");
    const outcome = await runTask({ ...given, kind: "sgemm" });
    if (outcome.kind !== "sgemm") throw new TypeError("a measuring process answered another question");
    return outcome;
  };
  const before = await sgemm();
  const measurements: Measurement[] = [];
  for (const { name } of options.cases) {
    log(name);
    const outcome = await runTask({ ...given, kind: "case", name });
    if (outcome.kind !== "case") throw new TypeError("a measuring process answered another question");
    measurements.push(outcome.measurement);
  }
  const after = await sgemm();
  const sgemmGflops = Math.max(before.gflops, after.gflops);
  const peerSgemmGflops = peer ? Math.max(before.peerGflops ?? 0, after.peerGflops ?? 0) : null;
  return {
    machine: { ...machine, sgemmGflops, peerSgemmGflops },
    cases: measurements.map((m) => caseResult(m, sgemmGflops)),
  };
}
