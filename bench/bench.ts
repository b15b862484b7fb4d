import type { BenchOptions } from "./arguments.ts";
import { caseResult } from "./caseResult.ts";
import { checkedOut, describeMachine } from "./machine.ts";
import { parityText } from "./parity.ts";
import { variantText } from "./peerVariant.ts";
import type { CaseResult, Measurement, Report } from "./report.ts";
import { runTask } from "./runTask.ts";
import { sgemmRates } from "./sgemm.ts";
import type { TaskOptions } from "./task.ts";

/**
 * Measures the SGEMM rate, every case, and the SGEMM rate again; the larger rate counts. `log` gets a line before and after each
 * case.
 *
 * @throws AttarError "bench-failed" (exit code 1).
 */
export async function bench(options: BenchOptions, peer: boolean, log: (line: string) => void): Promise<Report> {
  const { threads, rounds, command } = options;
  const machine = describeMachine(threads);
  const given: TaskOptions = { threads, rounds, ...(peer && { peer: options.plan }) };
  const sgemm = async () => {
    log("sgemm");
    const outcome = await runTask({ ...given, kind: "sgemm" });
    if (outcome.kind !== "sgemm") throw new TypeError("a measuring process answered another question");
    return outcome;
  };
  const before = await sgemm();
  const measured: Measurement[] = [];
  for (const { name } of options.cases) {
    log(name);
    const outcome = await runTask({ ...given, kind: "case", name });
    if (outcome.kind !== "case") throw new TypeError("a measuring process answered another question");
    measured.push(outcome.measurement);
    for (const line of linesOf(outcome.measurement)) log(line);
  }
  const rates = sgemmRates([before, await sgemm()]);
  const fastest = Math.max(rates.sgemmGflops, rates.peerSgemmGflops ?? 0);
  return {
    command,
    commit: checkedOut(),
    date: new Date().toISOString().slice(0, 10),
    rounds,
    machine: { ...machine, ...rates },
    peer: before.peer,
    cases: options.cases.map((sized, i): CaseResult => caseResult(sized, measured[i]!, fastest)),
  };
}

/** What the search for the peer's fastest variant came to, and whether both sides computed the same. */
function linesOf({ search, tuned, plain }: Measurement): string[] {
  if (!plain) return [];
  const lines = [plain, ...(tuned ? [tuned] : [])].map(({ parity }) => `  ${parityText(parity)}`);
  if (!search) return lines;
  const chosen = tuned ? variantText(tuned.variant) : "as it comes";
  return [
    `  PyTorch's fastest of ${search.trials.length} variants in ${Math.round(search.seconds)} s: ${chosen}`,
    ...lines,
  ];
}
