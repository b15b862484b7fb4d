import { fourierKernel, spectralFrequencies } from "../../hypotheses/kernels/index.ts";
import type { Discrepancy } from "../discrepancy.ts";
import { embeddingDifference } from "./embedded.ts";
import { comparable } from "./points.ts";
import { bandwidth, count, exponent, exponentialOf, keyOf } from "./settings.ts";
import { meanOf, root } from "./squared.ts";

/** MMD under random Fourier features of a γ-exponential kernel: one pass over the points. */
export const mmdRff: Discrepancy = {
  name: "mmd-rff",
  title: "Maximum mean discrepancy, random Fourier features",
  formula: "√ E_ω |E_a exp(iω·x) − E_b exp(iω·y)|²",
  reference: "§2, eq. (1)",
  labelAware: false,
  needsImages: false,
  settings: {
    gamma: { ...exponent, default: 2 },
    c: bandwidth,
    frequencies: count(1024, 2, "random frequencies ω, two features each"),
  },
  async measure(a, b, context) {
    const pair = comparable(a, b, { points: 1, why: "the Fourier estimator" });
    const { gamma, frequencies } = context.settings as { gamma: number; frequencies: number };
    const { c, text } = exponentialOf(gamma, pair, context);
    const length = pair.a.points.data.length / pair.a.weights.length;
    const kernel = fourierKernel(spectralFrequencies(gamma, c, length, frequencies, keyOf(context, "frequencies")));
    const squares = await embeddingDifference(kernel, pair.a, pair.b, { signal: context.signal });
    const each = Float64Array.from({ length: frequencies }, (_, k) => {
      return frequencies * (squares[k]! + squares[frequencies + k]!);
    });
    return {
      ...root(meanOf(each)),
      estimator: `${frequencies.toLocaleString("en")} frequencies, all points, ${text}, error over frequencies`,
    };
  },
};
