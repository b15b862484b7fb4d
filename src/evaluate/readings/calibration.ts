import { integer } from "../../engine/index.ts";
import { meanCrossEntropy } from "./loss.ts";
import { isRight, logSoftmax, rowsOfOutputs } from "./outputs.ts";
import type { Reading } from "./reading.ts";

const options = { bins: integer(15, 1, 10_000, "bins of equal width between confidence 0 and 1") };

/**
 * How far probabilities can be trusted. `calibration` is the expected calibration error (Guo et al. 2017): samples are binned by
 * the largest probability, and the distance between a bin's accuracy and its mean confidence is averaged over samples.
 * `brier` is the mean squared distance between the distribution over classes and the label's one-hot row (Brier 1950), `nll` the
 * mean negative log-likelihood of the label.
 */
export const calibration = {
  name: "calibration",
  title: "expected calibration error, with the Brier score and the negative log-likelihood",
  options,
  unit: "fraction",
  units: { brier: "squared-distance", nll: "nats" },
  better: "lower",
  target: "classes",
  needsLogits: true,
  names: () => ["calibration", "brier", "nll"],
  async of(_network, samples, { bins }) {
    const { labels } = samples;
    // Right answers less confidences: a bin's share of the error is the size of their sum.
    const excess = new Float64Array(bins);
    let brier = 0;
    for (const [row, i] of rowsOfOutputs(await samples.outputs())) {
      const probabilities = logSoftmax(row).map(Math.exp);
      const confidence = Math.max(...probabilities);
      const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
      excess[bin]! += Number(isRight(row, labels[i]!)) - confidence;
      brier += probabilities.reduce((sum, p, k) => sum + (p - Number(k === labels[i])) ** 2, 0);
    }
    return {
      calibration: excess.reduce((sum, e) => sum + Math.abs(e), 0) / labels.length,
      brier: brier / labels.length,
      nll: await meanCrossEntropy(samples),
    };
  },
} satisfies Reading<typeof options>;
