import { fourierKernel, spectralFrequencies } from "../../hypotheses/kernels/index.ts";
import { type Discrepancy, measured } from "../discrepancy.ts";
import { wholeNumber } from "../measures/index.ts";
import { embeddingDifference } from "./embedded.ts";
import { bandwidth, exponent, exponentialOf, keyOf, traits } from "./options.ts";
import { pairOf } from "./points.ts";
import { meanOf, root } from "./squared.ts";

/** MMD under random Fourier features of a γ-exponential kernel: one pass over the points. */
export const mmdRff = {
  title: "Maximum mean discrepancy, random Fourier features",
  formula: "√ E_ω |E_a exp(iω·x) − E_b exp(iω·y)|²",
  reference: "§2, eq. (1)",
  options: {},
  measured: measured({
    ...traits,
    options: {
      gamma: exponent(2),
      c: bandwidth,
      frequencies: wholeNumber(1024, 2, "random frequencies ω, two features each"),
    },
    async measure(a, b, { gamma, c: given, frequencies }, context) {
      const pair = pairOf(a, b);
      const { c, text } = exponentialOf(gamma, given, pair, context);
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
  }),
} satisfies Discrepancy;
