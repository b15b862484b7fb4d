import { expect, test } from "vitest";
import { caseResult } from "./caseResult.ts";
import { caseNamed } from "./cases/index.ts";
import type { Measurement, PeerMeasurement } from "./report.ts";
import { sgemmRates } from "./sgemm.ts";

const sized = caseNamed("features-256");
const variant = { layout: "contiguous" };

const peer = (times: readonly number[], equal = true): PeerMeasurement => ({
  variant,
  times,
  peakMemoryBytes: 5,
  parity: { errors: { features: { error: 1e-6 } }, share: equal ? 0.1 : 2, equal },
});

const measured = (plain: PeerMeasurement | null, tuned: PeerMeasurement | null): Measurement => ({
  name: sized.name,
  multiplyAdds: 1e9,
  ours: { times: [10, 20, 30], peakMemoryBytes: 1 },
  plain,
  tuned,
  search: null,
});

test("the peer's column is its faster variant in the rounds, the one as it comes stands beside it", () => {
  const result = caseResult(sized, measured(peer([80, 90, 100]), peer([30, 40, 60])), 200);
  expect(result.peer?.medianMs).toBe(40);
  expect(result.plain?.medianMs).toBe(90);
  expect(result.speedup).toBe(2);
  expect(result.plainSpeedup).toBe(4.5);
  expect(result.roundSpeedup).toEqual({ median: 2, min: 2, max: 3 });
  const slowerThanPlain = caseResult(sized, measured(peer([30]), peer([30, 40, 60])), 200);
  expect(slowerThanPlain.peer?.medianMs).toBe(30);
});

test("the share is of the faster library's products", () => {
  const rates = sgemmRates([
    { gflops: 150, peerGflops: 240 },
    { gflops: 176, peerGflops: 269 },
  ]);
  expect(rates).toEqual({ sgemmGflops: 176, peerSgemmGflops: 269 });
  expect(sgemmRates([{ gflops: 150, peerGflops: null }])).toEqual({ sgemmGflops: 150, peerSgemmGflops: null });
  // 2e9 operations in 20 ms are 100 GFLOP/s.
  expect(caseResult(sized, measured(null, null), 200).sgemmShare).toBeCloseTo(0.5, 12);
});

test("different numbers have no speedup", () => {
  const result = caseResult(sized, measured(peer([80, 90, 100], false), peer([30, 40, 60], false)), 200);
  expect(result.speedup).toBeNull();
  expect(result.roundSpeedup).toBeNull();
  expect(result.plainSpeedup).toBeNull();
});
