import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { parseOptions } from "./arguments.ts";
import { bench } from "./bench.ts";
import { keptReport } from "./keptReport.ts";
import { checkedOut, describeMachine } from "./machine.ts";
import type { CaseResult, Report } from "./report.ts";

vi.mock("./runTask.ts", () => ({ runTask: async () => ({ kind: "sgemm", gflops: 1, peerGflops: null, peer: null }) }));

const folder = mkdtempSync(join(tmpdir(), "attar-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));
const json = join(folder, "speed.json");
const options = parseOptions(["--quick", "--no-peer", "--case", "features-256", "--json", json]);

const report = (changes: Partial<Report> = {}): Report => ({
  command: options.command,
  commit: checkedOut(),
  date: "2026-01-01",
  rounds: 3,
  machine: { ...describeMachine(options.threads), sgemmGflops: 1e9, peerSgemmGflops: null },
  peer: null,
  cases: [{ name: "features-256", ours: { gflops: 1e8 }, sgemmShare: 1 } as CaseResult],
  ...changes,
});

test("a report of the same commit, rounds and machine is gone on with, another one refused", () => {
  expect(keptReport(options)).toBeUndefined();
  writeFileSync(json, JSON.stringify(report()));
  expect(keptReport(options)!.cases).toHaveLength(1);
  for (const other of [
    { rounds: 7 },
    { commit: "0".repeat(40) },
    { machine: { ...report().machine, cpu: "another" } },
  ]) {
    writeFileSync(json, JSON.stringify(report(other)));
    expect(() => keptReport(options)).toThrow(/was measured otherwise/);
  }
  expect(() => keptReport(parseOptions(["--resume"]))).toThrow("--resume needs the file");
});

test("kept cases are not measured again, and shares are of the faster SGEMM of both", {
  timeout: 120_000,
}, async () => {
  const lines: string[] = [];
  const unsaved = async () => expect.unreachable();
  const found = await bench(options, false, { log: (line) => lines.push(line), save: unsaved, kept: report() });
  expect(lines).toEqual(["sgemm", "sgemm"]);
  expect(found.machine.sgemmGflops).toBe(1e9);
  expect(found.cases).toMatchObject([{ name: "features-256", sgemmShare: 0.1 }]);
});
