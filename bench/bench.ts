import type { BenchOptions } from "./arguments.ts";
import { caseResult } from "./caseResult.ts";
import { checkedOut, describeMachine } from "./machine.ts";
import { parityText } from "./parity.ts";
import { variantText } from "./peerVariant.ts";
import type { CaseResult, Measurement, Report } from "./report.ts";
import { runTask } from "./runTask.ts";
import { sgemmRates } from "./sgemm.ts";
import type { TaskOptions } from "./task.ts";

export interface BenchProgress {
  /** Gets a line before and after each case. */
  log(line: string): void;
  /** Gets the report after every case, as far as it is known then. */
  save(report: Report): Promise<void>;
  /** A report of the same commit, options and machine: its cases are kept, and its larger SGEMM rates. */
  readonly kept?: Report;
}

/**
 * Measures the SGEMM rate, every case that is not kept, and the SGEMM rate again; the larger rate counts.
 *
 * @throws AttarError "bench-failed" (exit code 1).
 */
export async function bench(options: BenchOptions, peer: boolean, { log, save, kept }: BenchProgress): Promise<Report> {
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
  const measured = new Map<string, Measurement>();
  const reportOf = (runs: readonly (typeof before)[]): Report => {
    const own = sgemmRates(runs);
    const larger = (a: number | null, b: number | null = null) => (b === null ? a : Math.max(a ?? 0, b));
    const rates = {
      sgemmGflops: larger(own.sgemmGflops, kept?.machine.sgemmGflops)!,
      peerSgemmGflops: larger(own.peerSgemmGflops, kept?.machine.peerSgemmGflops),
    };
    const fastest = Math.max(rates.sgemmGflops, rates.peerSgemmGflops ?? 0);
    const cases = options.cases.flatMap((sized): CaseResult[] => {
      const found = measured.get(sized.name);
      const old = kept?.cases.find(({ name }) => name === sized.name);
      if (found) return [caseResult(sized, found, fastest)];
      return old ? [{ ...old, sgemmShare: old.ours.gflops / fastest }] : [];
    });
    return {
      command,
      commit: checkedOut(),
      date: new Date().toISOString().slice(0, 10),
      rounds,
      machine: { ...(kept?.machine ?? machine), ...rates },
      peer: before.peer,
      cases,
      ...(cases.length < options.cases.length && { asked: options.cases.length }),
    };
  };
  for (const { name } of options.cases) {
    if (kept?.cases.some((old) => old.name === name)) continue;
    log(name);
    const outcome = await runTask({ ...given, kind: "case", name });
    if (outcome.kind !== "case") throw new TypeError("a measuring process answered another question");
    measured.set(name, outcome.measurement);
    for (const line of linesOf(outcome.measurement)) log(line);
    await save(reportOf([before]));
  }
  return reportOf([before, await sgemm()]);
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
