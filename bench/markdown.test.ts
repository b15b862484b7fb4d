import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { caseResult } from "./caseResult.ts";
import { caseNamed } from "./cases/index.ts";
import { markdown } from "./markdown.ts";
import { packageRoot } from "./peer.ts";
import type { Measurement, PeerMeasurement, Report } from "./report.ts";
import { readReport } from "./reportFile.ts";

const tunedVariant = { allocator: "glibc that keeps memory", layout: "channels_last", batch: 32, compile: true };
const plainVariant = { allocator: "glibc", layout: "contiguous", batch: null, compile: false };

function peer(variant: PeerMeasurement["variant"], times: readonly number[]): PeerMeasurement {
  const parity = { errors: { features: { error: 2e-6 } }, share: 0.2, equal: true };
  return { variant, times, peakMemoryBytes: 300 * 2 ** 20, parity };
}

function measured(name: string, ours: number, tuned: number, plain: number): Measurement {
  const three = (t: number) => [t - 1, t, t + 1];
  return {
    name,
    multiplyAdds: 1e9,
    ours: { times: three(ours), peakMemoryBytes: 200 * 2 ** 20 },
    plain: peer(plainVariant, three(plain)),
    tuned: peer(tunedVariant, three(tuned)),
    search: {
      seconds: 40.4,
      cut: true,
      trials: [
        { variant: plainVariant, ms: plain },
        { variant: { ...plainVariant, compile: true }, failure: "no compiler" },
      ],
    },
  };
}

const measurements = [
  measured("features-256", 100, 150, 400),
  measured("features-256-cifar", 200, 210, 500),
  measured("mtt-step", 10_000, 18_000, 33_000),
];

const report: Report = {
  command: "npm run bench -- --quick",
  commit: "0123456789abcdef+",
  date: "2026-01-02",
  rounds: 3,
  machine: {
    cpu: "A processor",
    cores: 2,
    threads: 2,
    memoryBytes: 1,
    platform: "linux",
    arch: "x64",
    node: "20",
    onnxruntime: "1",
    attar: "0",
    loadAverage: 0.04,
    sgemmGflops: 176,
    peerSgemmGflops: 200,
  },
  peer: { name: "PyTorch", version: "2.15.0", python: "3.11" },
  cases: measurements.map((m) => caseResult(caseNamed(m.name), m, 200)),
};

const lines = markdown(report).split("\n");

test("a row has both image sizes, both variants of PyTorch and the share", () => {
  expect(lines).toContain(
    "| embeddings of 256 images | 100, 150, 400 ms | 1.5x, 4.0x | 200, 210, 500 ms | 1.1x, 2.5x | 10 %, 5 % |",
  );
  expect(lines).toContain(
    "| mtt, 10 classes: 10 synthetic each; 10 inner steps | 10.0, 18.0, 33.0 s | 1.8x, 3.3x |  |  | 0 %, – |",
  );
});

test("what was chosen, tried and refused is told of each case", () => {
  expect(lines).toContain(
    "| features-256 | glibc that keeps memory, channels_last, 32 at a time, compiled | 3, 1.50–1.51 | 2 in 40 s, cut | " +
      "glibc, contiguous, whole batch, compiled: no compiler | 200, 300, 300 | 2.0e-6, 20 %; 2.0e-6, 20 % |",
  );
});

test("the page says which commit, machine and rates it is of", () => {
  const text = lines.join("\n");
  expect(text).toContain("commit 012345678 with changes");
  expect(text).toContain("SGEMM 176 GFLOP/s in ONNX Runtime, 200 in PyTorch.");
  expect(text).toContain("PyTorch 2.15.0");
});

const results = join(packageRoot(), "docs", "results");

test.skipIf(!existsSync(join(results, "speed.json")))("docs/results/speed.md is what speed.json says", () => {
  const kept = readReport(join(results, "speed.json"));
  expect(readFileSync(join(results, "speed.md"), "utf8")).toBe(markdown(kept));
});

test("a bench that ended early says how many cases are missing", () => {
  expect(markdown({ ...report, asked: 24 })).toContain(
    `${report.cases.length} of 24 cases; the same command with \`--resume\``,
  );
  expect(markdown(report)).not.toContain("--resume");
});
