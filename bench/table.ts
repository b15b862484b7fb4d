import { variantText } from "./peerVariant.ts";
import type { CaseResult, Report, Side } from "./report.ts";

const columns: readonly { readonly title: string; readonly of: (c: CaseResult) => string }[] = [
  { title: "case", of: (c) => c.name },
  { title: "ours ms", of: (c) => range(c.ours) },
  { title: "peer ms", of: (c) => (c.peer ? range(c.peer) : "-") },
  { title: "speedup", of: speedup },
  { title: "as it comes ms", of: (c) => (c.plain ? range(c.plain) : "-") },
  { title: "GFLOP/s", of: (c) => c.ours.gflops.toFixed(0) },
  { title: "of SGEMM", of: (c) => `${(100 * c.sgemmShare).toFixed(0)} %` },
  { title: "peak MiB", of: (c) => mebibytes(c.ours.peakMemoryBytes) },
  { title: "peer MiB", of: (c) => (c.peer ? mebibytes(c.peer.peakMemoryBytes) : "-") },
];

/** The report for a person at a terminal: the machine, a line a case, what the columns mean, how the peer ran. */
export function table({ machine, peer, cases }: Report): string {
  const rows = [columns.map((c) => c.title), ...cases.map((c) => columns.map((column) => column.of(c)))];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
  );
  const theirs = machine.peerSgemmGflops === null ? "" : `, ${machine.peerSgemmGflops.toFixed(0)} in the peer`;
  return [
    `${machine.cpu}, ${machine.threads} of ${machine.cores} cores, Node ${machine.node}, onnxruntime ${machine.onnxruntime}`,
    `SGEMM ${machine.sgemmGflops.toFixed(0)} GFLOP/s${theirs}; load average ${machine.loadAverage.toFixed(1)} at the start`,
    "",
    ...lines,
    "",
    "ms: median (least-largest). GFLOP/s: multiply-adds of convolutions and linear layers as direct sums, two operations each.",
    "of SGEMM: of the faster of both libraries' products of matrices; tiles of convolutions multiply less than direct sums.",
    ...(peer
      ? [
          `peer: ${peer.name} ${peer.version} in the fastest variant found. speedup: its median over ours (least-largest of the rounds).`,
          ...cases.flatMap((c) => (c.peer ? [`  ${c.name}: ${variantText(c.peer.variant)}`] : [])),
        ]
      : []),
  ].join("\n");
}

function speedup(c: CaseResult): string {
  if (c.peer && !c.peer.parity.equal) return "unequal";
  if (c.speedup === null || c.roundSpeedup === null) return "-";
  return `${c.speedup.toFixed(2)} (${c.roundSpeedup.min.toFixed(2)}-${c.roundSpeedup.max.toFixed(2)})`;
}

const range = (s: Side) => `${milliseconds(s.medianMs)} (${milliseconds(s.minMs)}-${milliseconds(s.maxMs)})`;

const milliseconds = (ms: number) => ms.toFixed(ms < 10 ? 1 : 0);

const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
