import { variantText } from "./peerVariant.ts";
import type { CaseResult, PeerSide, Report } from "./report.ts";
import type { Trial } from "./search.ts";

/** The report as a page: a row a step, both image sizes side by side, then how the peer ran. */
export function markdown(report: Report): string {
  const { machine, peer, cases } = report;
  const steps = [...new Set(cases.map((c) => c.label))].map((label) => cases.filter((c) => c.label === label));
  const sizes = [...new Set(cases.map(size))];
  return [
    "# Speed",
    "",
    `\`${report.command}\`, ${report.date}, commit ${commitText(report.commit)}.`,
    "",
    `${machine.cpu}, ${machine.threads} of ${machine.cores} cores, Node ${machine.node}, ONNX Runtime ${machine.onnxruntime}` +
      `${peer ? `, ${peer.name} ${peer.version}, Python ${peer.python}` : ""}; load average ${machine.loadAverage.toFixed(1)} at the start.`,
    ...(report.asked
      ? [`${cases.length} of ${report.asked} cases; the same command with \`--resume\` measures the others.`, ""]
      : []),
    `${sgemmText(report)} ConvNet-3 of width 128, float32; medians of ${report.rounds} rounds, both sides in turn.`,
    "",
    line([
      "step",
      ...sizes.flatMap((s) => [
        `${s}: attar, PyTorch tuned, PyTorch as it comes`,
        "PyTorch / attar: tuned, as it comes",
      ]),
      `share of the faster SGEMM, ${sizes.join(", ")}`,
    ]),
    line([...Array(2 + 2 * sizes.length)].map(() => "---")),
    ...steps.map((step) => {
      const of = (s: string) => step.find((c) => size(c) === s);
      return line([
        step[0]!.label,
        ...sizes.flatMap((s) => timesAndRatios(of(s))),
        sizes
          .map((s) => of(s))
          .map((c) => (c ? `${(100 * c.sgemmShare).toFixed(0)} %` : "–"))
          .join(", "),
      ]);
    }),
    "",
    "- PyTorch tuned: the fastest variant that a greedy search found, an axis at a time, listed below; [docs/bench.md](../bench.md) says which there are.",
    "- Share of the SGEMM rate: multiply-adds of direct sums, two operations each, against the faster of both libraries' 2048x2048 products. Convolutions by tiles",
    "  multiply less than direct sums ([decision 8](../decisions/0008-convolutions-by-tiles.md)), the first block some more ([decision 9](../decisions/0009-the-first-block-as-a-product.md)):",
    "  the share says how long a step takes beside its direct sums, not how busy the cores are.",
    ...(peer ? ["", "## How PyTorch ran", "", ...tuning(cases)] : []),
    "",
  ].join("\n");
}

/** A case's variant, what the search tried and what did not run. */
function tuning(cases: readonly CaseResult[]): string[] {
  return [
    line([
      "case",
      "fastest variant",
      "rounds, least–largest ratio",
      "tried",
      "did not run",
      "peak MiB: attar, tuned, as it comes",
      "largest difference of results, share of what is tolerated",
    ]),
    line([...Array(7)].map(() => "---")),
    ...cases.flatMap((c) => {
      if (!c.peer || !c.plain) return [];
      const { search, roundSpeedup: r } = c;
      const failures = search?.trials.flatMap((t) => ("failure" in t ? [failureText(t)] : [])) ?? [];
      return [
        line([
          c.name,
          variantText(c.peer.variant),
          `${c.peer.rounds}${r ? `, ${r.min.toFixed(2)}–${r.max.toFixed(2)}` : ""}`,
          search ? `${search.trials.length} in ${Math.round(search.seconds)} s${search.cut ? ", cut" : ""}` : "–",
          [...new Set(failures)].join("; ") || "–",
          [c.ours, c.peer, c.plain].map((s) => (s.peakMemoryBytes / 2 ** 20).toFixed(0)).join(", "),
          parityCell(c.peer, c.plain),
        ]),
      ];
    }),
  ];
}

const failureText = (trial: Trial & { failure: string }) =>
  `${variantText(trial.variant)}: ${trial.failure.replaceAll("|", "/")}`;

/** The error of the group that is nearest its tolerance, of both variants. */
function parityCell(...sides: readonly PeerSide[]): string {
  return sides
    .map(({ parity }) => {
      const most = Math.max(...Object.values(parity.errors).map((e) => e.error));
      return `${most.toExponential(1)}, ${(100 * parity.share).toFixed(0)} %${parity.equal ? "" : " (unequal)"}`;
    })
    .join("; ");
}

function sgemmText({ machine: { sgemmGflops: ours, peerSgemmGflops: theirs } }: Report): string {
  const own = `SGEMM ${ours.toFixed(0)} GFLOP/s in ONNX Runtime`;
  return theirs === null ? `${own}.` : `${own}, ${theirs.toFixed(0)} in PyTorch.`;
}

function timesAndRatios(c: CaseResult | undefined): [string, string] {
  if (!c) return ["", ""];
  const medians = [c.ours, c.peer, c.plain].flatMap((s) => (s ? [s.medianMs] : []));
  const ratios = [c.peer && ratio(c.speedup), c.plain && ratio(c.plainSpeedup)].filter((r) => r !== null);
  return [durations(medians), ratios.join(", ")];
}

const ratio = (r: number | null) => (r === null ? "unequal" : `${r.toFixed(1)}x`);

/** Durations in one unit: seconds where the largest is above 10 s. */
function durations(ms: readonly number[]): string {
  if (Math.max(...ms) >= 10_000) return `${ms.map((t) => (t / 1000).toFixed(1)).join(", ")} s`;
  return `${ms.map((t) => t.toFixed(t < 10 ? 1 : 0)).join(", ")} ms`;
}

const size = ({ input: [channels, height, width] }: CaseResult) => `${height}x${width}x${channels}`;

const commitText = (commit: string | null) =>
  commit === null ? "unknown" : `${commit.slice(0, 9)}${commit.endsWith("+") ? " with changes" : ""}`;

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
