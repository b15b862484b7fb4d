import { integer } from "../../engine/index.ts";
import { isRight, logSoftmax, rowsOfOutputs } from "./outputs.ts";
import type { Reading } from "./reading.ts";

const options = { bins: integer(15, 1, 10_000, "bins of equal width between confidence 0 and 1") };

/** Temperatures that are tried, as powers of e. */
const widest = 5;
const halvings = 60;

/**
 * Temperature scaling (Guo et al. 2017): the number that logits are divided by so that their cross-entropy is least. It is fitted on one
 * half of the test split and judged on the other, and the other way round, so that nothing is judged by what it was fitted to.
 * `temperature` is the mean of the two (above 1: the network is too sure), `calibration` the expected calibration error after it,
 * `nll` the negative log-likelihood after it. No temperature changes an accuracy.
 */
export const temperature = {
  name: "temperature",
  title:
    "the temperature that calibrates best, with the calibration error after it, crosswise on halves of the test split",
  options,
  unit: "ratio",
  units: { calibration: "fraction", nll: "nats" },
  better: "lower",
  target: "classes",
  needsLogits: true,
  names: () => ["temperature", "calibration", "nll"],
  async of(_network, samples, { bins }) {
    const { labels } = samples;
    const rows: Row[] = [];
    for (const [logits, i] of rowsOfOutputs(await samples.outputs()))
      rows.push({ logits: Float64Array.from(logits), label: labels[i]! });
    const halves = [rows.filter((_, i) => i % 2 === 0), rows.filter((_, i) => i % 2 === 1)];
    const fitted = halves.map((half) => bestTemperature(half.length > 0 ? half : rows));
    // Right answers less confidences, by bin.
    const excess = new Float64Array(bins);
    let nll = 0;
    for (const [h, half] of halves.entries())
      for (const { logits, label } of half) {
        const scaled = logits.map((v) => v / fitted[1 - h]!);
        const logs = logSoftmax(scaled);
        const confidence = Math.exp(logs.reduce((a, b) => Math.max(a, b)));
        excess[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))]! +=
          Number(isRight(scaled, label)) - confidence;
        nll -= logs[label]!;
      }
    return {
      temperature: (fitted[0]! + fitted[1]!) / 2,
      calibration: excess.reduce((sum, e) => sum + Math.abs(e), 0) / rows.length,
      nll: Math.max(0, nll / rows.length),
    };
  },
} satisfies Reading<typeof options>;

interface Row {
  readonly logits: Float64Array;
  readonly label: number;
}

/** The temperature of least cross-entropy, which is convex in its inverse: its slope is halved upon. */
function bestTemperature(rows: readonly Row[]): number {
  const slope = (inverse: number) =>
    rows.reduce((sum, { logits, label }) => {
      const p = logSoftmax(logits.map((v) => v * inverse)).map(Math.exp);
      return sum + p.reduce((mean, share, k) => mean + share * logits[k]!, 0) - logits[label]!;
    }, 0);
  let [low, high] = [-widest, widest];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (slope(Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}
