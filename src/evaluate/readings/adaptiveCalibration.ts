import { integer } from "../../engine/index.ts";
import { isRight, logSoftmax, rowsOfOutputs } from "./outputs.ts";
import type { Reading } from "./reading.ts";

const options = { bins: integer(15, 1, 10_000, "bins, of equally many samples each or of equal width") };

/**
 * Calibration beside that of bins of equal width, in which most samples may share one bin. `adaptive-calibration` has bins of equally
 * many samples, by confidence (Nguyen and O'Connor 2015; Nixon et al. 2019); `maximum` is the largest error of a bin of equal width
 * (Guo et al. 2017), `classwise` the mean over classes of the error of each class's probability (Kull et al. 2019), equal width.
 */
export const adaptiveCalibration = {
  name: "adaptive-calibration",
  title: "expected calibration error in bins of equally many samples, with the largest error and that by class",
  options,
  unit: "fraction",
  better: "lower",
  target: "classes",
  needsLogits: true,
  names: () => ["adaptive-calibration", "maximum", "classwise"],
  async of(_network, samples, { bins }) {
    const { labels, classes } = samples;
    const n = labels.length;
    const rows: { confidence: number; right: number }[] = [];
    // By class and bin: hits less probabilities, whose size is the bin's share of the error.
    const excess = new Float64Array(classes * bins);
    for (const [row, i] of rowsOfOutputs(await samples.outputs())) {
      const probabilities = logSoftmax(row).map(Math.exp);
      rows.push({ confidence: Math.max(...probabilities), right: Number(isRight(row, labels[i]!)) });
      for (const [c, p] of probabilities.entries()) excess[c * bins + binOf(p, bins)]! += Number(labels[i] === c) - p;
    }
    const gaps = Array.from({ length: bins }, () => ({ sum: 0, count: 0 }));
    for (const { confidence, right } of rows) {
      const bin = gaps[binOf(confidence, bins)]!;
      bin.sum += right - confidence;
      bin.count++;
    }
    rows.sort((a, b) => a.confidence - b.confidence);
    let adaptive = 0;
    for (let b = 0; b < bins; b++) {
      const own = rows.slice(Math.floor((b * n) / bins), Math.floor(((b + 1) * n) / bins));
      adaptive += Math.abs(own.reduce((sum, { confidence, right }) => sum + right - confidence, 0)) / n;
    }
    return {
      "adaptive-calibration": adaptive,
      maximum: Math.max(...gaps.map(({ sum, count }) => (count > 0 ? Math.abs(sum) / count : 0))),
      classwise: excess.reduce((sum, e) => sum + Math.abs(e), 0) / (n * classes),
    };
  },
} satisfies Reading<typeof options>;

const binOf = (p: number, bins: number) => Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1));
